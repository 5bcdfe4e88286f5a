"""What *Your own symbol* learns of letters: `python -m tests.benchmarks.own_symbol [LETTERS] [STEPS] [REHEARSAL]`.

Twenty drawings of each letter are learned. A small classifier, trained on 600 others and digits, reads what is drawn.
Digits are read by the app's classifier, before and after, from the same noise. The clock counts the processor time of
this process by two cores, so other work on the machine does not count.
"""

import sys
import time

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer import data
from explorer.data.neighbours import training_index
from explorer.models.diffusion import Diffusion
from explorer.networks import checkpoints
from explorer.questions import learn_symbol
from explorer.questions.learn_symbol import Digits, Judge, SignTask
from tests.signs import letters

CORES, FRESH, DRAWN = 2, 600, 200


def separate(fresh: Tensor, digits: Tensor, labels: Tensor) -> nn.Module:
    """Return a small classifier of digits and a sign, trained from random weights."""
    torch.manual_seed(0)
    net = nn.Sequential(
        *(nn.Conv2d(1, 16, 5, 2, 2), nn.ReLU(), nn.Conv2d(16, 32, 5, 2, 2), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(32 * 49, 64), nn.ReLU(), nn.Linear(64, 11)),
    )
    x, y = torch.cat([digits, fresh]), torch.cat([labels, torch.full((len(fresh),), 10)])
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(8):
        for part in torch.randperm(len(x)).split(64):
            adam.zero_grad()
            F.cross_entropy(net(x[part]), y[part]).backward()
            adam.step()
    return net.eval()


@torch.no_grad()
def kept(model: Diffusion, classifier: nn.Module) -> float:
    """Return the share of drawn digits that are classified as asked."""
    labels = torch.arange(DRAWN) % 10
    return float((classifier(learn_symbol.draw(model, labels, 5)).argmax(-1) == labels).float().mean())


def main(names: str = "alpha,K,E", steps: int = 330, rehearsal: float = 0.5) -> None:
    """Train on each letter, and print the figures."""
    index = training_index("mnist")
    base, classifier = checkpoints.load("diffusion-mnist"), checkpoints.load("classifier-mnist")
    held = data.display_split("mnist").pixels()
    digits = Digits(classifier, index.images(slice(5_000)), index.labels[:5_000], held)
    before = kept(base, classifier)
    print(f"digits before {before:.1%}", flush=True)
    for name in names.split(","):
        drawings, fresh = letters(name, 20, 1), letters(name, FRESH + 200, 2)
        task = SignTask(drawings, digits, rehearsal, steps, 7)
        weights: dict[str, Tensor] = {}
        begun, spent = time.process_time(), 0.0
        for look in learn_symbol.steps(base, task, weights):
            if look:
                spent = (time.process_time() - begun) / CORES
                print(f"  step {look.step:4} {spent:5.1f} s with looks, loss {look.loss or 0:.4f}", flush=True)
        model = learn_symbol.restored(base, weights)
        reader = separate(fresh[:FRESH], digits.images, digits.labels)
        after = kept(model, classifier)
        judge = Judge(digits, drawings, 7)
        reading = judge.reading()
        with torch.no_grad():
            real = float((reader(fresh[FRESH:]).argmax(-1) == 10).float().mean())
            false = float((reader(held).argmax(-1) == 10).float().mean())
            print(
                f"{name}: separate classifier reads {real:.1%} of fresh drawings as the sign, {false:.2%} of digits; "
                f"judge {float((judge.read(fresh[FRESH:]) == 10).float().mean()):.1%} of fresh, "
                f"{reading.signs}/{reading.drawings} left out, {reading.digits}/{reading.held} digits"
            )
            for w in (1.0, 2.0, 4.0):
                drawn = learn_symbol.draw(model, [10] * DRAWN, 3, w)
                near = learn_symbol.apart(drawn, drawings).amin(1).mean()
                print(
                    f"  w {w}: {float((reader(drawn).argmax(-1) == 10).float().mean()):.1%} read as the sign, judge "
                    f"{float((judge.read(drawn) == 10).float().mean()):.1%}; nearest drawing {near:.2f} away"
                )
            control = learn_symbol.apart(fresh[FRESH:], drawings).amin(1).mean()
        print(f"  fresh drawings {control:.2f}; digits {after:.1%}, {after / before:.1%} of before", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:3]), *map(float, sys.argv[3:4]))
