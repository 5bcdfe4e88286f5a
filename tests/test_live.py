"""What follows signals in the browser: it stays true until its mode ends, and a mode that is made anew has ended."""

from tests.node import run

LOADED = """
const { signal } = await load("kit/base/vendor/signals-core.js");
const live = await load("kit/base/live.js");
const { owned, whenever, atEnd } = live;
"""


def test_what_follows_a_signal_ends_with_what_made_it():
    body = (
        LOADED
        + """
    const [one, seen, ended] = [signal(1), [], []];
    const [made, end] = owned(() => {
      whenever(() => seen.push(one.value));
      atEnd(() => ended.push("all"));
      return "made";
    });
    one.value = 2;
    end();
    one.value = 3;
    return { made, seen, ended };
    """
    )
    assert run(body) == {"made": "made", "seen": [1, 2], "ended": ["all"]}


def test_what_a_run_makes_ends_with_that_run():
    body = (
        LOADED
        + """
    const [outer, inner, seen, ended] = [signal("a"), signal(1), [], []];
    const [, end] = owned(() =>
      whenever(() => {
        const name = outer.value;
        whenever(() => seen.push(`${name}${inner.value}`));
        atEnd(() => ended.push(name));
      })
    );
    outer.value = "b";
    inner.value = 2;
    end();
    inner.value = 3;
    return { seen, ended };
    """
    )
    assert run(body) == {"seen": ["a1", "b1", "b2"], "ended": ["a", "b"]}


def test_a_picture_is_painted_once_for_all_changes_of_a_moment_and_never_after_its_end():
    body = (
        LOADED
        + """
    const [one, other, unread, seen] = [signal(1), signal(1), signal(1), []];
    const [, end] = owned(() => live.paints(() => seen.push([one.value, other.value])));
    one.value = 2;
    other.value = 2;
    one.value = 3;
    unread.value = 2;
    const before = seen.length;
    await null;
    other.value = 3;
    await null;
    one.value = 4;
    end();
    await null;
    return { before, seen };
    """
    )
    assert run(body) == {"before": 1, "seen": [[1, 1], [3, 2], [3, 3]]}


def test_nothing_follows_what_nobody_would_end():
    body = (
        LOADED
        + """
    try { whenever(() => {}); } catch (error) { return error.message; }
    """
    )
    assert "while a mode is made" in run(body)


def test_what_fails_while_it_is_made_has_ended():
    body = (
        LOADED
        + """
    const [one, seen] = [signal(1), []];
    try {
      owned(() => {
        whenever(() => seen.push(one.value));
        throw new Error("it cannot be made");
      });
    } catch {}
    one.value = 2;
    return seen;
    """
    )
    assert run(body) == [1]


def test_modes_that_are_made_anew_have_ended():
    body = (
        LOADED
        + """
    const { createLoader } = await load("kit/shell/loader.js");
    const [one, seen, ctx] = [signal(1), [], { mechanism: { pictures: () => ({}) } }];
    let count = 0;
    const create = () => {
      const name = ++count;
      whenever(() => seen.push(`${name}: ${one.value}`));
      return { name };
    };
    const modes = createLoader(ctx, async () => ({ default: { create } }), () => ({ panel: {} }));
    await modes("first");
    const end = modes.forget();
    const { instance } = await modes("first");
    one.value = 2;
    end();
    await null;
    await null;
    one.value = 3;
    return { seen, shown: instance.name };
    """
    )
    assert run(body) == {"seen": ["1: 1", "2: 1", "1: 2", "2: 2", "2: 3"], "shown": 2}
