"""Create the data files that ship with the app: `python -m explorer.bundle DATASET [--data DIR]`.

The files are a sprite sheet of 2,000 test images, the same images binarised, and their labels. An index holds all
55,000 training images at a few grey levels. With it, the app finds the nearest training image without the full data
set. Of the spoken digits, one test recording of each digit by each speaker ships with the app.
"""

import json
import lzma
from pathlib import Path
from typing import Annotated

import torch
import typer
from safetensors.torch import save_file
from torch import Tensor

from explorer import data
from explorer.data import spoken_digits

TRAIN_LEVELS = {"mnist": 8, "fashion-mnist": 4}
SOURCES = {
    "mnist": ("MNIST handwritten digits: LeCun, Cortes, Burges", "CC BY-SA 3.0"),
    "fashion-mnist": ("Fashion-MNIST: Xiao, Rasul, Vollgraf, 2017", "MIT, © Zalando SE"),
}


def bundle(
    dataset: Annotated[str, typer.Argument(help="mnist, fashion-mnist or digits.")],
    data_dir: data.Folder = None,
) -> None:
    """Write explorer/bundled/DATASET.png, -binary.png, .json and -train.xz, or explorer/bundled/digits.safetensors.

    Two small sheets, -first.png and -first-binary.png, hold the first row of the large ones.
    """
    try:
        if dataset in data.SOUNDS:
            return _write_recordings(dataset, data.load(dataset, "test", data_dir))
        test, train = data.load(dataset, "test", data_dir), data.load(dataset, "train", data_dir)
    except data.DataError as error:
        typer.secho(str(error), err=True, fg="red")
        raise typer.Exit(1) from None
    chosen = torch.randperm(len(test), generator=torch.Generator().manual_seed(0))[: data.SAMPLE].sort().values
    sample = test[chosen]
    write_sheets(dataset, sample.images, data.binarise(sample.pixels(), seed=0), data.BUNDLED)
    _write_index(dataset, train)
    source, licence = SOURCES[dataset]
    facts = {
        "labels": "".join(map(str, sample.labels.tolist())),
        "classes": data.CLASSES[dataset],
        "test_indices": chosen.tolist(),
        "train_levels": TRAIN_LEVELS[dataset],
        "source": source,
        "licence": licence,
    }
    (data.BUNDLED / f"{dataset}.json").write_text(json.dumps(facts, ensure_ascii=False) + "\n", encoding="utf-8")


def write_sheets(dataset: str, images: Tensor, binary: Tensor, folder: Path) -> None:
    """Write the sheets of a set's images, bytes (N, 1, 28, 28), and of the same images binarised."""
    first, binary = data.SHEET_COLUMNS, (binary * 255).to(torch.uint8)
    data.write_sheet(images, folder / f"{dataset}.png")
    data.write_sheet(binary, folder / f"{dataset}-binary.png", one_bit=True)
    data.write_sheet(images[:first], folder / f"{dataset}-first.png")
    data.write_sheet(binary[:first], folder / f"{dataset}-first-binary.png", one_bit=True)


def write_own(folder: Path) -> None:
    """Write what the browser reads of each further set of images: its sheets, and its labels and classes."""
    for dataset, known in data.OWN.items():
        shown = data.display_split(dataset)
        write_sheets(dataset, shown.images, data.binary_display_images(dataset), folder)
        facts = {"labels": shown.labels.tolist(), "classes": known.classes}
        (folder / f"{dataset}.json").write_text(json.dumps(facts, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_recordings(dataset: str, test: data.Recordings) -> None:
    """Write the first test recording of each digit by each speaker: all levels, the lengths and the labels."""
    seen, chosen = set(), []
    for sound, label in zip(test.sounds, test.labels.tolist()):
        if label not in seen:
            chosen.append((label, sound))
        seen.add(label)
    chosen.sort(key=lambda each: each[0])
    labels, sounds = zip(*chosen)
    found = {
        "levels": torch.cat(sounds),
        "labels": torch.tensor(labels),
        "lengths": torch.tensor(list(map(len, sounds))),
    }
    about = {"source": spoken_digits.SPOKEN_SOURCE, "licence": spoken_digits.SPOKEN_LICENCE}
    save_file(found, data.BUNDLED / f"{dataset}.safetensors", metadata=about)


def _write_index(dataset: str, train: data.Split) -> None:
    """Write the labels, then every image as grey levels 0 … L−1, one byte a pixel, compressed."""
    levels = (train.pixels() * (TRAIN_LEVELS[dataset] - 1)).round().to(torch.uint8)
    raw = train.labels.to(torch.uint8).numpy().tobytes() + levels.numpy().tobytes()
    (data.BUNDLED / f"{dataset}-train.xz").write_bytes(lzma.compress(raw, preset=9))


if __name__ == "__main__":
    typer.run(bundle)
