"""Publish on the Hub: the checkpoints in a model repository, and the app as a Space.

    python -m explorer.publish nets OWNER/NAME [NETS] [--dry-run]
    python -m explorer.publish each OWNER [NETS] [--dry-run]
    python -m explorer.publish space OWNER/NAME [--dry-run]
    python -m explorer.publish lighten [--dry-run]

The second puts each network into a repository of its own, OWNER/NETWORK, from which `from_pretrained` reads it.

The token is read from `HF_TOKEN` alone. The checkpoints go first: their commit is written to `bundled/hub.json`, and
an app that finds this file fetches what it lacks from this commit. So a Space published afterwards needs no weights of
snapshots, which are half of all bytes. A dry run lists what would be uploaded, and asks nobody.

The last command makes clones lighter: git then holds only the weights that the tabs name first, as many as fit into
`LIGHT` bytes. The others leave git once the published commit is seen to hold them; their files stay here.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Annotated

import typer
from huggingface_hub import CommitOperationAdd, HfApi

from explorer import data
from explorer.measures import measures_of
from explorer.networks import checkpoints, hub, manifest, model_cards

PUBLISH_FILES = ("config.json", "card.json")
app = typer.Typer(help=__doc__.split("\n", 1)[0], add_completion=False)
Repo = Annotated[str, typer.Argument(help="The repository, OWNER/NAME.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="List what would be uploaded, and ask nobody.")]
LEFT_OUT = ("tests/", ".ci/", ".github/")  # a Space needs no tests
LIGHT = 60_000_000
"""Bytes of `pretrained/` that stay in git."""
Files = dict[str, Path | bytes]


@app.command()
def nets(
    repo: Repo,
    names: Annotated[list[str] | None, typer.Argument(help="Checkpoints; all unless given.")] = None,
    dry_run: Dry = False,
) -> None:
    """Upload checkpoints and a model card; note the commit, from which the app then fetches."""
    names = names or checkpoints.names()
    files: Files = {"README.md": index(names).encode()}
    for name in names:
        files |= {f"{name}/{file}": content for file, content in with_card(name).items()}
    files |= {f"{hub.SHIPPED}/{file}": data.BUNDLED / file for file in hub.SHIPPED_APART}
    if commit := upload(repo, "model", files, dry_run):
        hub.PUBLISHED.write_text(json.dumps({"repo": repo, "revision": commit}) + "\n", encoding="utf-8")
        typer.echo(f"Wrote {hub.PUBLISHED.relative_to(checkpoints.ROOT)}: commit it with the app.")


@app.command()
def each(
    owner: Annotated[str, typer.Argument(help="The user or organisation.")],
    names: Annotated[list[str] | None, typer.Argument(help="Checkpoints; all with weights unless given.")] = None,
    dry_run: Dry = False,
) -> None:
    """Upload each checkpoint as a repository of its own, with its own model card."""
    for name in names or [name for name in checkpoints.names() if manifest.WEIGHTS in digests(name)]:
        upload(f"{owner}/{name}", "model", with_card(name), dry_run)


def digests(name: str) -> dict[str, str | None]:
    """Return the files of a checkpoint with the sha256 of those that have one."""
    return manifest.file_digests(checkpoints.pretrained_folder() / name)


def with_card(name: str) -> Files:
    """Return the files of a checkpoint, with a model card in place of its page if it has weights."""
    files: Files = dict(checked_files(name))
    if manifest.WEIGHTS in files:
        files["README.md"] = str(model_cards.of(name)).encode()
    return files


@app.command()
def space(repo: Repo, dry_run: Dry = False) -> None:
    """Upload the app as a Gradio Space, without what it fetches from the published checkpoints."""
    upload(repo, "space", space_files(), dry_run)


def space_files() -> Files:
    """Return the files of a Space by their paths in the repository."""
    paths = [path for path in git("ls-files", "-z").split("\0") if path and not path.startswith(LEFT_OUT)]
    if hub.PUBLISHED.exists():
        paths = [path for path in paths if not manifest.is_later(path)]
    return {path: checkpoints.ROOT / path for path in paths}


@app.command()
def lighten(dry_run: Dry = False) -> None:
    """Take out of git the weights that the published commit holds, beyond those that the app opens with."""
    if not hub.PUBLISHED.exists():
        raise typer.BadParameter("publish the checkpoints first: python -m explorer.publish nets OWNER/NAME")
    folder = checkpoints.pretrained_folder()
    paths = [Path(path).relative_to(folder.name) for path in git("ls-files", "-z", folder.name).split("\0") if path]
    sizes = {path: (folder / path).stat().st_size for path in paths}
    kept = light(sizes, ordered_names())
    going = [path for path in sizes if path not in kept]
    for path in going:
        typer.echo(f"{sizes[path]:>12,}  {path.as_posix()}")
    totals = (sum(each) / 1e6 for each in (sizes.values(), (sizes[path] for path in kept)))
    typer.echo("{:.1f} MB of checkpoints in git, {:.1f} MB after this".format(*totals))
    if dry_run or not going:
        return
    if absent := unpublished_files(going, folder):
        raise typer.BadParameter(f"the published commit does not hold {absent[0]}: publish the checkpoints again")
    ignored = folder / ".gitignore"
    before = ignored.read_text(encoding="utf-8") if ignored.exists() else ""
    ignored.write_text(before + "".join(f"/{path.as_posix()}\n" for path in going), encoding="utf-8")
    git("rm", "--cached", "--quiet", "--", *(f"{folder.name}/{path.as_posix()}" for path in going))
    git("add", f"{folder.name}/.gitignore")
    typer.echo("Taken out of the index; the files stay here. Commit it with the app.")


def git(*words: str) -> str:
    """Run git in the repository; return its output."""
    return subprocess.run(["git", *words], cwd=checkpoints.ROOT, capture_output=True, check=True, text=True).stdout


def ordered_names() -> list[str]:
    """Return the checkpoints of all tabs: the first of every tab, then the second, and so on."""
    from explorer.tabs.interface import TABS

    places = zip_longest(*(tab.nets for tab in TABS))
    return [net for place in places for net in place if net]


def light(sizes: Mapping[Path, int], first: Sequence[str]) -> set[Path]:
    """Return the files that stay in git: all but weights, and whole networks by their order, up to `LIGHT` bytes."""
    kept = {path for path in sizes if path.suffix != ".safetensors"}
    left = LIGHT - sum(sizes[path] for path in kept)
    for name in dict.fromkeys(first):
        network = {path for path in sizes if path.parts[0] == name and not manifest.is_later(Path(*path.parts[1:]))}
        network -= kept
        if (size := sum(sizes[path] for path in network)) <= left:
            kept, left = kept | network, left - size
    return kept


def unpublished_files(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Return the files that the published commit lacks, or holds with another content."""
    repo, revision = hub.source()
    found = HfApi().get_paths_info(repo, [path.as_posix() for path in paths], revision=revision)
    there = {each.path: each.lfs.sha256 for each in found if getattr(each, "lfs", None)}
    return [p for p in paths if there.get(p.as_posix()) != hashlib.sha256((folder / p).read_bytes()).hexdigest()]


def checked_files(name: str) -> dict[str, Path]:
    """Return the files of a checkpoint by their paths in its folder, once they match their recorded sha256.

    Raises:
        typer.BadParameter: if there is no such checkpoint, or a file is missing or damaged.
    """
    folder = checkpoints.pretrained_folder() / name
    if name not in checkpoints.names():
        raise typer.BadParameter(f"there is no checkpoint “{name}” here")
    if lacking := manifest.lacking(folder):
        raise typer.BadParameter(f"“{name}” lacks {', '.join(lacking)}")
    for file, sha256 in manifest.file_digests(folder).items():
        if sha256 and hashlib.sha256((folder / file).read_bytes()).hexdigest() != sha256:
            raise typer.BadParameter(f"“{name}” is not published: {file} is damaged")
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def index(names: Iterable[str]) -> str:
    """Return the first page of the repository as Markdown: for each checkpoint its figure, data, size and command."""
    rows = [row_of(name) for name in names]
    known = data.DATASETS | data.TEXTS | data.SOUNDS
    sets = sorted({each for row in rows if (each := getattr(known.get(row[1]), "hub", None))})
    head = {"license": "mit", "library_name": "pytorch", "tags": ["generative-models"], "datasets": sets}
    front = "\n".join(f"{key}: {json.dumps(value)}" for key, value in head.items())
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return (
        f"---\n{front}\n---\n\n# Checkpoints of Explorer\n\n"
        "Each folder holds a recipe (`config.json`), weights (`model.safetensors`), and a card (`card.json`) with the "
        "command, the seed and every figure measured. Nothing is pickled. The licence of the weights is MIT; each "
        "folder's README is its model card, and gives the licence of its data.\n\n"
        "| checkpoint | data | measured on test data | parameters | trained by |\n"
        f"| --- | --- | --- | --- | --- |\n{table}\n"
    )


def row_of(name: str) -> list[str]:
    """Return the entries of a checkpoint in the model card; one without weights, such as a record, has fewer."""
    folder = checkpoints.pretrained_folder() / name
    recipe, card = (checkpoints.read_json(folder / file) if (folder / file).exists() else {} for file in PUBLISH_FILES)
    training = card.get("training", {})
    count = training.get("parameters")
    said = headline(recipe, card)
    return [name, recipe.get("dataset", "–"), said, f"{count:,}" if count else "–", f"`{training.get('command', '–')}`"]


def headline(recipe: dict, card: dict) -> str:
    """Return the sentence that `explorer.evaluate` prints of a card, or a dash if it was not measured."""
    try:
        return measures_of(recipe["family"]).headline(card)
    except (KeyError, ValueError, AttributeError, checkpoints.CheckpointError):
        return "–"


def upload(repo: str, kind: str, files: Files, dry_run: bool) -> str | None:
    """Upload files in one commit; return its name, or None after a dry run.

    What a broken upload brought before it broke is not uploaded again.
    """
    sizes = {path: len(each) if isinstance(each, bytes) else each.stat().st_size for path, each in files.items()}
    if dry_run:
        for path, size in sizes.items():
            typer.echo(f"{size:>12,}  {path}")
    typer.echo(f"{len(files)} files, {sum(sizes.values()) / 1e6:.1f} MB, for the {kind} {repo}")
    if dry_run:
        return None
    if not (token := os.environ.get("HF_TOKEN")):
        raise typer.BadParameter("name a token with the right to write in HF_TOKEN")
    api = HfApi(token=token)
    adds = [CommitOperationAdd(path, each if isinstance(each, bytes) else str(each)) for path, each in files.items()]
    try:
        api.create_repo(repo, repo_type=kind, exist_ok=True, space_sdk="gradio" if kind == "space" else None)
        commit = api.create_commit(repo, adds, repo_type=kind, commit_message="Publish Explorer")
    except Exception as error:  # of whatever kind: a refusal, a broken line, a bad name
        typer.secho(f"The Hub did not take it: {error}. Run the command again to go on.", err=True, fg="red")
        raise typer.Exit(1) from None
    typer.echo(f"Published at {commit.commit_url}")
    return commit.oid


if __name__ == "__main__":
    app()
