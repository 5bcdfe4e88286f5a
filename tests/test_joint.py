"""Joint evaluation: everybody gets what they would get alone, and a batch is evaluated once for all."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from explorer.models.diffusion import Diffusion
from explorer.running import joint
from explorer.running.joint import Crew, jointly, network_of
from explorer.serving.desk import Desk
from explorer.serving.films import CREW, FILMS_ROWS, Film, Script
from explorer.serving.visitors import Visitor, visitor
from tests.asking import wait_for
from tests.desks import FILM, start


class Counted(nn.Module):
    """Twice x plus the time, noting the rows of each evaluation."""

    def __init__(self):
        super().__init__()
        self.rows: list[int] = []

    @jointly
    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        self.rows.append(len(x))
        if bool((t < 0).any()):
            raise ValueError("a time is below 0")
        return 2 * x + t[:, None]


def all_at_once(*works) -> list[BaseException | None]:
    """Let the members of a crew each do one piece of work; returns what each raised."""
    crew, raised = Crew(len(works)), [None] * len(works)

    def member(number: int) -> None:
        try:
            crew.step(works[number])
        except BaseException as error:
            raised[number] = error

    threads = [threading.Thread(target=member, args=(number,)) for number in range(len(works))]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert not any(each.is_alive() for each in threads)
    return raised


def test_a_crew_is_answered_by_one_evaluation_and_each_gets_its_own_rows():
    network, found = Counted(), {}
    xs = [torch.randn(rows, 3) for rows in (1, 4, 2)]

    def work(number: int) -> None:
        found[number] = network(xs[number], torch.full((len(xs[number]),), float(number)))

    all_at_once(*(lambda number=number: work(number) for number in range(3)))
    assert network.rows == [7]
    for number, x in enumerate(xs):
        torch.testing.assert_close(found[number], 2 * x + number)


def test_who_asks_more_often_or_not_at_all_is_no_hindrance():
    network, asked = Counted(), [0, 1, 3, 5]

    def work(times: int) -> None:
        for _ in range(times):
            network(torch.zeros(1, 2), torch.ones(1))

    assert all_at_once(*(lambda times=times: work(times) for times in asked)) == [None] * 4
    assert sorted(network.rows, reverse=True) == [3, 2, 2, 1, 1]


def test_other_shapes_and_other_networks_are_evaluated_apart():
    one, other = Counted(), Counted()
    all_at_once(
        lambda: one(torch.zeros(1, 2), torch.ones(1)),
        lambda: one(torch.zeros(1, 5), torch.ones(1)),
        lambda: other(torch.zeros(1, 2), torch.ones(1)),
    )
    assert (sorted(one.rows), other.rows) == ([1, 1], [1])


def test_an_error_reaches_those_of_its_batch_and_nobody_waits_for_ever():
    network = Counted()
    raised = all_at_once(
        lambda: network(torch.zeros(1, 2), -torch.ones(1)), lambda: network(torch.zeros(1, 9), torch.ones(1))
    )
    assert isinstance(raised[0], ValueError) and raised[1] is None


def test_a_gradient_is_computed_by_its_own_evaluation():
    network, found = Counted(), []
    x = torch.zeros(1, 2, requires_grad=True)

    def work() -> None:
        found.append(torch.autograd.grad(network(x, torch.ones(1)).sum(), x)[0])

    all_at_once(work, lambda: network(torch.zeros(1, 2), torch.ones(1)))
    assert found[0].tolist() == [[2.0, 2.0]] and network.rows == [1, 1]


def test_the_clock_counts_of_a_batch_the_share_of_ones_own_rows(monkeypatch: pytest.MonkeyPatch):
    """The batch of four rows takes four seconds by a clock of its own: three are of one member, one of the other."""
    network, seconds, time = Counted(), {}, [0.0]
    monkeypatch.setattr(joint.time, "perf_counter", lambda: time[0])
    forward = network.forward

    def slow(x: Tensor, t: Tensor) -> Tensor:
        time[0] += len(x)
        return 2 * x

    assert hasattr(forward, "jointly")
    monkeypatch.setattr(Counted, "forward", jointly(lambda self, x, t: slow(x, t)))

    def work(rows: int) -> None:
        begun = joint.clock()
        network(torch.zeros(rows, 2), torch.ones(rows))
        seconds[rows] = joint.clock() - begun

    all_at_once(lambda: work(3), lambda: work(1))
    assert seconds == {3: pytest.approx(3.0), 1: pytest.approx(1.0)}


@pytest.fixture(scope="module")
def diffusion() -> Diffusion:
    torch.manual_seed(0)
    model = Diffusion([8, 8, 8], 10, 8).eval().requires_grad_(False)
    nn.init.normal_(model.network.head.weight, std=0.3)
    return model


def drawn(model: Diffusion, seed: int, steps: int, label: int | None, count: int, **how) -> Iterator[Tensor]:
    """The steps of a sampler, each film with its own settings."""
    given = None if label is None else torch.full((count,), label)
    generator = torch.Generator().manual_seed(seed)
    for step in model.sample_steps(count, generator=generator, steps=steps, label=given, **how):
        yield step.x


ASKED = [
    (1, 10, None, 1, {}),
    (2, 4, 3, 2, {"guidance_scale": 3.0}),
    (3, 7, 5, 1, {"eta": 1.0}),
    (4, 10, 9, 4, {"guidance_scale": 0.0}),
    (5, 2, 0, 1, {}),
]


def test_films_of_one_network_step_together_and_draw_what_each_draws_alone(diffusion: Diffusion):
    alone = [list(drawn(diffusion, *each[:4], **each[4])) for each in ASKED]
    rows, found, desk = [], {}, Desk()
    watched = diffusion.network.stem.register_forward_pre_hook(lambda _, args: rows.append(len(args[0])))
    hold = threading.Event()

    def film(number: int, seed: int, steps: int, label: int | None, count: int, how: dict) -> Script:
        found[number] = []

        def scenes():
            hold.wait(60)
            for x in drawn(diffusion, seed, steps, label, count, **how):
                found[number].append(x)
                yield 1, {"x": ""}

        return Script(diffusion.space, count, steps, steps, scenes, network_of(diffusion), count)

    for number, each in enumerate(ASKED):
        visitor.set(Visitor(f"page {number}", f"address {number}"))
        name = start(desk, str(number), film(number, *each))
    hold.set()

    async def all_done() -> None:
        while desk._films:
            await asyncio.sleep(0.01)
        assert name

    wait_for(all_done())
    watched.remove()
    for mine, theirs in zip(found.values(), alone, strict=True):
        for x, y in zip(mine, theirs, strict=True):
            assert float((x - y).abs().max()) < 1 / 255
    assert len(rows) < sum(steps for _, steps, *_ in ASKED) and max(rows) > max(count for *_, count, _ in ASKED)


def test_a_crew_is_of_one_network_and_bounded(diffusion: Diffusion):
    def film(rows: int, network: nn.Module | None) -> Film:
        return Film(FILM, object(), Script(diffusion.space, rows, 1, 1, lambda: iter(()), network, rows))

    first, other = film(1, diffusion.network), Counted()
    small = [film(1, diffusion.network) for _ in range(2 * CREW)]
    assert first.companions([film(1, other), film(1, None), *small]) == [first, *small[: CREW - 1]]
    large = film(FILMS_ROWS, diffusion.network)
    assert large.companions(small) == [large]
    assert film(1, None).companions(small)[1:] == []
