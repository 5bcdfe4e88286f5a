"""Page of the app: all tabs in their order, and the middleware that serves them."""

import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gradio as gr
from gradio.routes import BUILD_PATH_LIB, STATIC_PATH_LIB
from starlette.middleware import Middleware

from explorer import bundle, data, serving, stages
from explorer.classes import store, survey
from explorer.fields import Text
from explorer.lessons import course, finder, own, story
from explorer.networks import checkpoints, hub
from explorer.numbers import plots
from explorer.programs.http import Programs
from explorer.programs.questions import Asked, is_open, offered
from explorer.serving import framed, gate, joined, places, preloads, rooms
from explorer.serving.files import NONE, Files, Folder
from explorer.serving.joined import Joined
from explorer.serving.opened import MOST_BYTES, Opening
from explorer.serving.page import Ahead, Page, Tabs
from explorer.serving.pictures import Pictures
from explorer.serving.places import Answer
from explorer.serving.texts import Signs, Texts
from explorer.tabs import families, former, keeper, opener, packed, preparer, sign_keeper
from explorer.tabs.compare import compress
from explorer.tabs.compare import tab as compare
from explorer.tabs.foundations import tab as foundations
from explorer.tabs.kit.ask import questions
from explorer.tabs.kit.layout.tab import Tab
from explorer.tabs.lab import tab as lab
from explorer.tabs.playground import tab as playground
from explorer.tabs.playground import whole_films
from explorer.tabs.start import tab as start
from explorer.tabs.vae import tab as vae

TABS: list[Tab] = [start.TAB, playground.TAB, foundations.TAB, *families.TABS, compare.TAB, lab.TAB]

KEYS = {tab.name: {field.key for field in tab.fields} for tab in TABS}

OWN_FILES = r"(?=(config\.json|(model|atlas)\.safetensors)$)"
"""Files of a checkpoint elsewhere that the browser reads; its folder may hold others, which are nobody else's."""

PAGE_CSS = Path(serving.__file__).with_name("page.css")

KATEX = "katex-*.js"
"""What sets formulas, among Gradio's files; scripts import it as `katex`."""


def build(tabs: list[Tab] = TABS) -> gr.Blocks:
    """Return the whole page; `?tab=<name>` opens that tab.

    After this call, only the page's checkpoints are fetched.
    """
    names = {*checkpoints.names(), *(net for tab in tabs for net in tab.nets)} - checkpoints.elsewhere.keys()
    hub.begin(names, checkpoints.pretrained_folder())
    page = gr.Blocks(title="Explorer", analytics_enabled=False, fill_width=True)
    with page.queue(max_size=64, api_open=False) as demo, gr.Tabs(elem_id=rooms.FAMILIES):
        for tab in tabs:
            with gr.Tab(tab.title, id=tab.name, elem_classes=f"group-{tab.group}") as item:
                rooms.room(tab.build)
            item.select(None, js=f'() => rememberTab("{tab.name}")')
        rooms.connect(demo)
    hub.open_to(names)
    return _resting(demo)


def server_functions(tabs: list[Tab] = TABS) -> dict[str, Answer]:
    """Return the server functions of tabs, each by its component in the page and its name: `vae-stage/probe`."""
    functions = {name: each for tab in tabs for name, each in tab.functions_by_id().items()}
    return {f"{name}/{each.__name__}": each for name, found in functions.items() for each in found}


def _resting(demo: gr.Blocks) -> gr.Blocks:
    """Make the queue check for events every second instead of every millisecond; the page sends none to it."""
    demo._queue.sleep_when_free = demo._queue.progress_update_sleep_when_free = 1.0
    return demo


def launch_settings(demo: gr.Blocks) -> dict[str, Any]:
    """Return the arguments of `demo.launch`, wherever the page is served."""
    stories = story.route(KEYS, {tab.name: tab.folder for tab in TABS}, [tab.name for tab in TABS])
    parts = joined_modules(demo)
    build = packed.build(demo, parts)
    films = whole_films.films_route()
    routes = [course.route(KEYS), stories, finder.route(TABS), films, *packed.routes(build, demo, parts)]
    return {
        "theme": theme(),
        "css_paths": [PAGE_CSS],
        "run_history": False,
        "ssr_mode": False,
        "_frontend": False,  # else Gradio asks for the page at once, and on a busy machine gives up after 3 seconds
        "footer_links": [],
        "show_error": False,
        "max_file_size": "1mb",
        "state_session_capacity": 16,
        "app_kwargs": {
            "middleware": [
                Middleware(
                    gate.Gate,
                    **gate.of(demo, own.FUNCTIONS),
                    opening=Opening(opener.answer) if opener.is_offered() else None,
                    pictures=Pictures(preparer.answer),
                    texts=Texts(keeper.answer) if keeper.is_offered() else None,
                    signs=Signs(sign_keeper.answer) if keeper.is_offered() else None,
                    further=survey.parts(store.path()),
                    programs=Programs(questions_of_programs()) if is_open() else None,
                ),
                Middleware(Files, folders=folders(parts), routes=routes),
                Middleware(
                    Page,
                    tabs=selectable_tabs(demo),
                    modules=modules(),
                    opens=MOST_BYTES if opener.is_offered() else 0,
                    ahead=partial(ahead, parts=parts),
                    frames=framed.sites(),
                    build=build,
                ),
            ],
            "routes": routes,
        },
    }


def questions_of_programs() -> dict[str, Asked]:
    """Return the questions that programs can ask: the shared ones about one network, as Compare asks them."""
    component = f"{compare.TAB.name}-stage"
    functions = [*questions.SERVER_FUNCTIONS, compress.compress]
    return offered(functions, places.place(component, {each.__name__: each for each in functions}))


def selectable_tabs(demo: gr.Blocks) -> Tabs:
    """Return the tabs that the address can select; before the start page was added, the VAE's tab was the default."""
    names = [*rooms.rooms(demo.config)]
    keys = [field.key for field in vae.TAB.fields] if vae.TAB.name in names else []
    texts = sorted({field.key for tab in TABS for field in tab.fields if isinstance(field.kind, Text)})
    return Tabs(names, vae.TAB.name, keys, former.redirects(), texts)


def folders(parts: Mapping[str, Joined] = NONE) -> list[Folder]:
    """Return the folders of the page's files, each with the address under which the browser requests it."""
    file = "/gradio_api/file="
    for each in parts.values():
        (Path(joined_folder().name) / each.file).write_text(each.text, encoding="utf-8")
    return [
        Folder("/assets/", Path(BUILD_PATH_LIB), for_ever=True),
        Folder("/static/", Path(STATIC_PATH_LIB)),
        Folder(f"{file}explorer-{stages.version()}/stages/", stages.STAGES, for_ever=True, brief=True),
        Folder(f"{file}explorer-{stages.version()}/joined/", Path(joined_folder().name), for_ever=True),
        Folder(f"{file}explorer-[0-9a-f]+/stages/", stages.STAGES),  # requested by open pages of an earlier version
        plots.library(),
        Folder(f"{file}explorer/stages/", stages.STAGES),
        Folder(f"{file}explorer/bundled/", data.BUNDLED),
        *([Folder(f"{file}explorer/own/", Path(own_sheets().name))] if data.OWN else []),
        *(
            Folder(f"{file}pretrained/{net}/{OWN_FILES}", path, follow=True)
            for net, path in checkpoints.elsewhere.items()
        ),
        Folder(f"{file}pretrained/", checkpoints.pretrained_folder(), follow=True),
    ]


@cache
def own_sheets() -> TemporaryDirectory:
    """Return a folder with the sheets of the further data sets, which goes with the process."""
    folder = TemporaryDirectory(prefix="explorer-")
    bundle.write_own(Path(folder.name))
    return folder


@cache
def joined_folder() -> TemporaryDirectory:
    """Return a folder for files of joined modules, which goes with the process."""
    return TemporaryDirectory(prefix="explorer-")


def joined_modules(demo: gr.Blocks) -> dict[str, Joined]:
    """Return the files of the modules that stages need for their first pictures: of most stages, and of each one.

    The key is the element of the stage; that of the first file is empty.
    """
    props = [each["props"] for each in demo.config["components"]]
    needed = {each["elem_id"]: first_modules(each) for each in props if str(each.get("elem_id")).endswith("-stage")}
    shared = joined.join(joined.usual([*needed.values()]), stages.STAGES, "../stages")
    own = {stage: joined.join(names, stages.STAGES, "../stages", shared) for stage, names in needed.items()}
    return {"": shared} | own


def modules() -> dict[str, str]:
    """Return the import map: the stages' modules, whose addresses change with every module, and Gradio's KaTeX."""
    katex = [("katex", f"./assets/{each.name}") for each in Path(BUILD_PATH_LIB).glob(KATEX)]
    return {"./gradio_api/file=explorer/stages/": f"{version_address()}/stages/"} | dict(katex)


def version_address() -> str:
    """Return the address of the folder of all modules in their present version."""
    return f"./gradio_api/file=explorer-{stages.version()}"


def first_modules(stage: Mapping[str, Any]) -> list[str]:
    """Return the modules that a stage and its first mode import, these first, by their paths below the stages."""
    value = stage["value"]
    mode = value["fields"]["mode"]
    first = mode["opening"]["state"].get("mode", mode["initial"])
    module = next(each["module"] for each in value["modes"] if each["id"] == first)
    shown = [re.search(r"explorer/stages/([\w/]+stage\.js)", stage["js_on_load"])[1], f"{module}.js"]
    found = (preloads.of_stage(stages.STAGES / each, stages.STAGES) for each in shown)
    return [*dict.fromkeys(name for names in found for name in names)]


def ahead(page: str, stage: Mapping[str, Any], parts: Mapping[str, Joined] = NONE) -> Ahead:
    """Return the addresses of the modules that a page needs before its first picture, and of those that are joined."""
    of_gradio = [f"./assets/{name}" for name in preloads.of_gradio(page, Path(BUILD_PATH_LIB))]
    used = [parts[each] for each in ("", stage["elem_id"]) if each in parts and parts[each].names]
    alone, together = f"{version_address()}/stages", f"{version_address()}/joined"
    places = {f"{alone}/{name}": f"{together}/{each.file}" for each in used for name in each.names}
    own = dict.fromkeys(places.get(each, each) for each in (f"{alone}/{name}" for name in first_modules(stage)))
    return Ahead([*of_gradio, *own], places)


def theme() -> gr.themes.Base:
    """Return a neutral theme that needs no font server."""
    grey = gr.themes.colors.neutral
    return gr.themes.Base(
        primary_hue=grey,
        secondary_hue=grey,
        neutral_hue=grey,
        spacing_size=gr.themes.sizes.spacing_sm,
        radius_size=gr.themes.sizes.radius_sm,
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"],
        font_mono=["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "DejaVu Sans Mono", "monospace"],
    ).set(
        body_background_fill="#f7f7f5",
        body_background_fill_dark="#121311",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#1a1b19",
        background_fill_secondary="#efefec",
        background_fill_secondary_dark="#242523",
        border_color_primary="#e2e2dd",
        border_color_primary_dark="#30312e",
        body_text_color="#191a18",
        body_text_color_dark="#eeede9",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_400",
        block_info_text_color="*neutral_600",
        block_label_text_color="*neutral_600",
        block_title_text_color="*neutral_600",
        block_title_text_color_dark="*neutral_300",
        input_border_width="1px",
        input_border_color="*neutral_500",
        input_border_color_dark="*neutral_400",
        link_text_color_dark="*neutral_300",
        link_text_color_visited_dark="*neutral_300",
    )
