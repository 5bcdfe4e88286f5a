"""One question to Python: the newest answer counts, and one that comes after its mode was left waits for it."""

from tests.node import run

ASKED = """
const { Answered } = await load("kit/ask/answered.js");
const [state, panel, told, answers] = [{ mode: "paths" }, { isConnected: true }, [], []];
const ask = (_, question) => new Promise((done) => answers.push(() => done({ of: question.x })));
const ctx = { ask, panel, entered: "paths", store: { get: () => state } };
const answered = new Answered(ctx, "paths", () => told.push(answered.value?.of ?? null));
const rest = () => new Promise((done) => setTimeout(done));
"""


def test_an_answer_that_comes_after_its_mode_was_left_is_told_when_the_mode_asks_again():
    body = """
answered.want({ x: 1 });
state.mode = "solvers";
answers[0]();
await rest();
const away = [...told];
state.mode = "paths";
answered.want({ x: 1 });
await rest();
return [away, told, answers.length];"""
    assert run(ASKED + body) == [[], [1], 1]


def test_an_answer_that_comes_after_another_mode_took_its_place_under_a_tour_is_not_told():
    body = """
answered.want({ x: 1 });
panel.isConnected = false;
answers[0]();
await rest();
return told;"""
    assert run(ASKED + body) == []


def test_only_the_newest_answer_counts_and_is_told_once():
    body = """
answered.want({ x: 1 });
answered.want({ x: 2 });
for (const each of answers) each();
await rest();
answered.want({ x: 2 });
return [told, answered.isCurrent];"""
    assert run(ASKED + body) == [[2], True]


def test_what_failed_is_asked_again_later_and_not_by_its_own_news():
    body = """
let count = 0;
const failing = { ...ctx, ask: () => (count++, Promise.resolve(null)) };
const lost = new Answered(failing, "paths", () => lost.want({ x: 1 }));
await lost.want({ x: 1 });
await rest();
const first = count;
await new Promise((done) => setTimeout(done, 600));
await lost.want({ x: 1 });
return [first, count, lost.failed];"""
    assert run(ASKED + body) == [1, 2, True]
