"""Paths that the app serves without a question: which doors are open, where they lead, and what may run then."""

import re

import gradio as gr
import pytest
from fastapi.routing import iter_route_contexts
from gradio.routes import App
from playwright.sync_api import Page

from tests.attack import FILE, JSON, TYPE, Target
from tests.server import ROOT

OPEN = {
    ("GET", "/"),
    ("GET", "/static/{path:path}"),
    ("GET", "/assets/{path:path}"),
    ("GET", "/favicon.ico"),
    ("GET", "/theme.css"),
    ("GET", "/robots.txt"),
    ("GET", "/manifest.json"),
    ("GET", "/gradio_api/theme.css"),
    ("GET", "/gradio_api/startup-events"),
    ("GET", "/gradio_api/file={path_or_url:path}"),
    ("POST", "/gradio_api/component_server"),
    ("POST", "/gradio_api/component_server/"),
}
"""The routes of Gradio that the page needs; of `run/{api_name}` it needs one name alone."""


def registered() -> list[tuple[str, str]]:
    """Every method and path that Gradio answers, whatever its version, but for HEAD."""
    app = App.create_app(gr.Blocks())
    each = {(method, route.path) for route in iter_route_contexts(app.routes) for method in route.methods}
    return sorted(pair for pair in each if pair[0] != "HEAD")


CLOSED = [pair for pair in registered() if pair not in OPEN]
ELSEWHERE = [
    *(("GET", f"/gradio_api/file={url}") for url in ("http://127.0.0.1:1/", "https://example.com/x", "HTTP://a/b")),
    *(("GET", f"/gradio_api/file={path}") for path in ("/tmp/gradio/x/a.png", "app.py", "courses/../../tmp/gradio/a")),
    *(
        ("GET", f"/{name}")
        for name in ("docs", "redoc", "openapi.json", "login", "queue/status", "mcp/sse", "api/info")
    ),
    *(("POST", f"/{name}") for name in ("api/predict", "run/predict", "queue/join", "component_server", "upload")),
    *(("POST", f"/gradio_api/run/{name}") for name in ("show_kl", "predict2", "PREDICT", "predict/x", "%70redict%00")),
    *(("GET", path) for path in ("/app.py", "/.git/config", "/explorer/stages/questions/clock.js", "//", "/%2e%2e/")),
]


def filled(path: str) -> str:
    """A route's path with something in the place of every parameter."""
    return re.sub(r"\{\w+(:path)?\}", "something", path)


@pytest.mark.parametrize(("method", "path"), [(method, filled(path)) for method, path in CLOSED] + ELSEWHERE)
def test_what_the_page_does_not_use_is_closed(method: str, path: str, target: Target):
    body = b'{"session_hash": "attacker", "data": [], "fn_index": 0}' if method == "POST" else None
    found = target.send(method, path, body, JSON if body else {})
    closed = (404, 405) if "file=" not in path.lower() else (403, 404)
    assert found.status in closed and found.headers["x-content-type-options"] == "nosniff"
    target.gives_nothing_away(found)


def test_every_route_that_the_page_needs_is_registered_and_so_are_known_closed_ones():
    known = set(registered())
    assert known >= OPEN
    assert {("POST", "/gradio_api/upload"), ("POST", "/gradio_api/queue/join"), ("GET", "/config")} <= known - OPEN


def test_what_the_page_needs_is_open_and_no_browser_guesses_its_kind(target: Target):
    page = target.send("GET", "/").body.decode()
    (asset, *_) = re.findall(r'(?:src|href)="\.?(/assets/[^"]+)"', page)
    for path in ("/", asset, "/theme.css", "/favicon.ico", FILE):
        found = target.send("GET", path)
        assert found.status == 200 and found.headers["x-content-type-options"] == "nosniff" and found.body


@pytest.mark.parametrize(
    "path",
    [
        *("/etc/passwd", "//etc/passwd", "../../../../../../etc/passwd", "..%2f..%2f..%2f..%2f..%2fetc%2fpasswd"),
        *("%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "explorer/stages/../../app.py", "file:///etc/passwd"),
        *("explorer/stages/%2e%2e/%2e%2e/app.py", "explorer/stages/..%5c..%5capp.py", "explorer/stages", "/proc/self"),
        *(
            ".git/config",
            ".git/HEAD",
            "app.py",
            "requirements.txt",
            "tests/attack.py",
            "explorer/serving/gate.py",
            ".",
        ),
        *("app.py%00", "app.py%00.js", "explorer/stages/%00", "%ff%fe", "a%0a", f"{ROOT}/app.py", "%7e/.bashrc", ""),
        *("a" * 5_000, "a/" * 4_000, "/proc/self/environ", "/dev/stdin", "pretrained/../app.py"),
    ],
)
@pytest.mark.parametrize("door", ["/gradio_api/file=", "/static/", "/assets/"])
def test_no_path_leads_out_of_what_is_served(door: str, path: str, target: Target):
    found = target.send("GET", door + path)
    assert 400 <= found.status < 500 and found.headers["x-content-type-options"] == "nosniff"
    assert not [each for each in (b"root:", b"import gradio", b"refs/heads", b"PATH=") if each in found.body]


def test_the_page_says_what_it_may_run_and_who_may_frame_it(target: Target):
    found = target.send("GET", "/").headers
    assert "frame-ancestors 'self' https://huggingface.co" in found["content-security-policy"]
    assert "script-src 'self' 'unsafe-eval' 'sha256-" in found["content-security-policy"]
    assert "'unsafe-inline'" not in found["content-security-policy"].partition("script-src")[2].partition(";")[0]


@pytest.mark.parametrize("tab", ["vae", "ar", "gan", "diffusion", "compare"])
def test_nothing_that_the_page_does_is_against_what_it_says(tab: str, page: Page, target: Target):
    page.add_init_script(
        "window.broken = []; addEventListener('securitypolicyviolation', (e) => broken.push(e.violatedDirective))"
    )
    page.goto(f"{target.url}/?tab={tab}")
    page.wait_for_function(f"document.querySelector('#{tab}-stage .stage')?.explorer")
    if tab == "compare":  # one of forty nearest images is like another
        make = "document.querySelector('.stage.compare').explorer.mode()"
        page.wait_for_function(f"{make}?.found?.some(({{ near }}) => near.some(Boolean)) && !{make}.race.film.timer")
        page.evaluate(f"{make}.neighbours.want([])")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("broken") == []


MARKUP = '"></script><script>alert(1)</script>'
HEADERS = ("X-Forwarded-Host", "X-Forwarded-Proto", "X-Gradio-Server", "X-Forwarded-For", "X-Forwarded-Prefix")


@pytest.mark.parametrize("name", HEADERS)
def test_markup_in_a_proxys_header_is_never_markup_in_the_page(name: str, target: Target):
    found = target.send("GET", "/", headers={name: MARKUP})
    assert found.status < 500 and b"<script>alert" not in found.body


@pytest.mark.parametrize(
    ("name", "host"),
    [
        *(("X-Forwarded-Host", host) for host in ("[", "%00", "caf\xe9", "a b", "@", ":", "1:99999999")),
        *(("X-Gradio-Server", host) for host in ("[", "%00", "caf\xe9", "a b", "@", ":", "[::1", "a:b:c")),
        *(("X-Forwarded-Host", host) for host in ("a\tb", "[::1", "a:b:c")),
        ("X-Gradio-Server", "a\tb"),
    ],
)
def test_a_proxys_header_that_is_no_address_breaks_nothing(name: str, host: str, target: Target):
    asked = b'{"fn_index": 0, "session_hash": "attacker", "data": [1, 1]}'
    for found in (
        target.send("GET", "/", headers={name: host}),
        target.send("POST", TYPE, asked, JSON | {name: host}),
    ):
        assert found.status < 500 and found.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "wanted",
    [
        *(
            "bytes=0-0,2-3",
            "bytes=0-0, -1",
            "bytes=9-2",
            "bytes=a-b",
            "bytes=-",
            "bytes=",
            "lines=0-1",
            "0-1",
            "bytes=--1",
        ),
        *(
            "bytes=0-" + "9" * 5_000,
            "bytes=" + "0-0," * 1_000 + "0-0",
            "bytes=99999999-",
            "bytes=999999-9999999",
            "bytes=-0",
        ),
    ],
)
def test_a_range_that_is_not_one_of_the_file_is_refused(wanted: str, target: Target):
    assert target.send("GET", FILE, headers={"Range": wanted}).status == 416


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-9", slice(10)),
        ("bytes=5-", slice(5, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=3-3", slice(3, 4)),
    ],
)
def test_one_range_gives_just_those_bytes(wanted: str, part: slice, target: Target):
    whole = (ROOT / FILE.partition("=")[2]).read_bytes()
    found = target.send("GET", FILE, headers={"Range": wanted})
    assert (found.status, found.body) == (206, whole[part])
