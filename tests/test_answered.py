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
const first = answers.length;
answers[0]();
await rest();
answers[1]();
await rest();
answered.want({ x: 2 });
return [first, told, answered.isCurrent];"""
    assert run(ASKED + body) == [1, [2], True]


def test_several_are_answered_one_after_the_other_and_the_first_of_them_is_the_value():
    body = """
answered.want({ x: 1 }, { x: 2 });
answers[0]();
await rest();
const [one, two] = [answered.to({ x: 1 }), answered.to({ x: 2 })];
answers[1]();
await rest();
return [one, two, answered.to({ x: 2 }), answered.value, told];"""
    assert run(ASKED + body) == [{"of": 1}, None, {"of": 2}, {"of": 1}, [1, 1]]


def test_a_known_answer_is_there_again_without_a_question_and_stays_until_the_next_one_comes():
    body = """
for (const x of [1, 2]) {
  answered.want({ x });
  answers.at(-1)();
  await rest();
}
answered.want({ x: 1 });
const again = [answered.value.of, answered.isCurrent, [...told]];
answered.want({ x: 3 });
const waiting = [answered.value.of, answered.isCurrent];
answered.want(null);
return [again, waiting, answered.value, answers.length];"""
    assert run(ASKED + body) == [[1, True, [1, 2, 1]], [1, False], None, 3]


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


def test_a_question_alone_resolves_to_the_value_that_was_read_from_its_answer():
    body = """
const read = ({ of }, { x }) => [of, x];
const alone = new Answered({ ask }, "paths", null, { read }); // of a whole stage, which has no panel of its own
const wanted = [alone.get({ x: 1 }), alone.get({ x: 2 }), alone.get({ x: 3 })];
for (const each of [0, 1]) {
  answers[each]();
  await rest();
}
return [await Promise.all(wanted), answers.length, await alone.get({ x: 1 })];"""
    assert run(ASKED + body) == [[[1, 1], None, [3, 3]], 2, [1, 1]]


def test_no_more_answers_are_remembered_than_said():
    body = """
const few = new Answered(ctx, "paths", null, { most: 2 });
for (const each of [0, 1, 2]) {
  few.want({ x: each + 1 });
  answers[each]();
  await rest();
}
return [1, 2, 3].map((x) => few.to({ x })?.of ?? null);"""
    assert run(ASKED + body) == [None, 2, 3]


def test_calls_of_a_line_of_their_own_say_so():
    body = """
const lines = [];
const heard = { ...ctx, ask: (name, _, { own }) => (lines.push([name, own]), Promise.resolve({})) };
await new Answered(heard, "paths").get({});
await new Answered(heard, "paths", null, { own: "all" }).get({});
return lines;"""
    assert run(ASKED + body) == [["paths", "paths"], ["paths", "all"]]
