"""Store of rooms in Redis, which front ends on several machines share: `EXPLORER_ROOMS=redis://…`.

Each method is one command or one script, which Redis runs as a whole. So a front end that ends in the middle leaves no
half of a vote, and a vote is answered after Redis has it. All keys of a room end by themselves after a day and some.
Scripts make the names of their keys, so this is one Redis or a primary with replicas, and no Redis Cluster.
"""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import redis

from explorer.classes.room import MOST_PHONES, MOST_ROOMS, ROOM_SECONDS, Room
from explorer.classes.store import (
    EARLIER_PHONE,
    GONE_SECONDS,
    LOCK_SECONDS,
    MOST_BROUGHT,
    UNUSED_SECONDS,
    FullError,
    StoreError,
)
from explorer.lessons.handed_in import Handed

KEPT_SECONDS = int(ROOM_SECONDS) + 3600  # after the last change of a key
Given = ParamSpec("Given")
Found = TypeVar("Found")
Asked = TypeVar("Asked")
PRELUDE = f"""
local function key(kind, code) return 'explorer:' .. kind .. ':' .. code end
local function keep(name) redis.call('EXPIRE', name, {KEPT_SECONDS}) end
local function of_question(kind, code, asked) return key(kind, code) .. ':' .. asked end
local function ballots(code, asked, ballot) return of_question('votes', code, asked) .. ':' .. ballot end
local function wipe(code)
  local asked = tonumber(redis.call('HGET', key('room', code), 'asked') or '0')
  for each = 1, asked do
    redis.call('DEL', ballots(code, each, 1), ballots(code, each, 2))
    redis.call('DEL', of_question('made', code, each), of_question('sent', code, each))
  end
  for _, kind in ipairs({{'room', 'seen', 'followed', 'voters', 'handed', 'whos', 'changes', 'kinds'}}) do
    redis.call('DEL', key(kind, code))
  end
  redis.call('ZREM', 'explorer:rooms', code)
end
"""
ADD = """
local code, opened, now, version, asked, ballot, record, since, ended, most = unpack(ARGV)
for _, each in ipairs(redis.call('ZRANGEBYSCORE', 'explorer:rooms', '-inf', ended)) do wipe(each) end
local rooms = redis.call('ZRANGE', 'explorer:rooms', 0, -1)
local count = 0
for _, each in ipairs(rooms) do
  if redis.call('EXISTS', key('room', each)) == 0 then wipe(each) else count = count + 1 end
end
if count >= tonumber(most) then
  local oldest, at
  for _, each in ipairs(rooms) do
    local used = tonumber(redis.call('HGET', key('room', each), 'used') or '0')
    local there = redis.call('ZCOUNT', key('seen', each), since, '+inf')
    if used < tonumber(since) and there == 0 and (not at or used < at) then oldest, at = each, used end
  end
  if not oldest then return -1 end
  wipe(oldest)
end
if redis.call('EXISTS', key('room', code)) == 1 then return 0 end
redis.call('HSET', key('room', code), 'opened', opened, 'used', now, 'version', version, 'asked', asked,
  'ballot', ballot, 'sitting', '', 'record', record)
redis.call('ZADD', 'explorer:rooms', opened, code)
keep(key('room', code))
return 1
"""
CHANGE = """
local code, before, version, asked, ballot, sitting, record = unpack(ARGV)
if redis.call('HGET', key('room', code), 'version') ~= before then return 0 end
redis.call('HSET', key('room', code), 'version', version, 'asked', asked, 'ballot', ballot, 'sitting', sitting,
  'record', record)
keep(key('room', code))
return 1
"""
USE = """
local room = key('room', ARGV[1])
if redis.call('EXISTS', room) == 1 then redis.call('HSET', room, 'used', ARGV[2]) end
"""
END = "wipe(ARGV[1])"
JOIN = """
local code, phone, now, ended, gone, most = unpack(ARGV)
local opened = redis.call('HGET', key('room', code), 'opened')
if not opened or tonumber(opened) <= tonumber(ended) then return 0 end
local seen, followed = key('seen', code), key('followed', code)
if not redis.call('ZSCORE', seen, phone) then
  if redis.call('ZCARD', seen) >= tonumber(most) then
    local left
    for _, each in ipairs(redis.call('ZRANGEBYSCORE', seen, '-inf', '(' .. gone)) do
      if redis.call('SISMEMBER', key('voters', code), each) == 0 then left = each break end
    end
    if not left then return 0 end
    redis.call('ZREM', seen, left)
    redis.call('ZREM', followed, left)
  end
  redis.call('ZADD', followed, 0, phone)
  keep(followed)
end
redis.call('ZADD', seen, now, phone)
keep(seen)
return 1
"""
SEE = """
local code, phone, now, follows = unpack(ARGV)
if not redis.call('ZSCORE', key('seen', code), phone) then return 0 end
redis.call('ZADD', key('seen', code), now, phone)
if follows ~= '' then redis.call('ZADD', key('followed', code), follows, phone) end
return 1
"""
VOTE = """
local code, asked, ballot, phone, value = unpack(ARGV)
local now = redis.call('HMGET', key('room', code), 'asked', 'ballot')
if now[1] ~= asked or now[2] ~= ballot or not redis.call('ZSCORE', key('seen', code), phone) then return 0 end
redis.call('HSET', ballots(code, asked, ballot), phone, value)
redis.call('SADD', key('voters', code), phone)
keep(ballots(code, asked, ballot))
keep(key('voters', code))
return 1
"""
HAND_IN = """
local code, sitting, phone, who, answers = unpack(ARGV)
local handed, whos = key('handed', code), key('whos', code)
local open = redis.call('HGET', key('room', code), 'sitting')
if open ~= sitting or not redis.call('ZSCORE', key('seen', code), phone) then return 0 end
local owner = redis.call('HGET', whos, sitting .. ' ' .. who)
if owner and owner ~= phone then return -1 end
local before = redis.call('HGET', handed, sitting .. ' ' .. phone)
if before then redis.call('HDEL', whos, sitting .. ' ' .. cjson.decode(before)[1]) end
redis.call('HSET', handed, sitting .. ' ' .. phone, cjson.encode({who, answers}))
redis.call('HSET', whos, sitting .. ' ' .. who, phone)
keep(handed)
keep(whos)
return 1
"""
BRING = """
local code, most, earlier = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local handed, whos = key('handed', code), key('whos', code)
if redis.call('EXISTS', key('room', code)) == 0 then return 0 end
for k = 4, #ARGV, 3 do
  local sitting, who, answers = ARGV[k], ARGV[k + 1], ARGV[k + 2]
  local is_new = redis.call('HEXISTS', whos, sitting .. ' ' .. who) == 0
  if is_new and redis.call('HLEN', handed) < most then
    redis.call('HSET', handed, sitting .. ' ' .. earlier .. who, cjson.encode({who, answers}))
    redis.call('HSET', whos, sitting .. ' ' .. who, earlier .. who)
  end
end
keep(handed)
keep(whos)
return 1
"""


def of_redis(method: Callable[Concatenate[Asked, Given], Found]) -> Callable[Concatenate[Asked, Given], Found]:
    """Raise what goes wrong in Redis as an error of the store."""

    @wraps(method)
    def asked(self: Asked, *args: Given.args, **kwargs: Given.kwargs) -> Found:
        try:
            return method(self, *args, **kwargs)
        except redis.RedisError as error:
            raise StoreError(f"Redis: {type(error).__name__}") from error

    return asked


class RedisScripts:
    """Connection to a Redis, and the scripts that change it.

    Arguments:
        url: Address of the Redis.
        scripts: The scripts by name, each after `PRELUDE`.
    """

    def __init__(self, url: str, scripts: dict[str, str]):
        waits = {"socket_timeout": LOCK_SECONDS, "socket_connect_timeout": LOCK_SECONDS, "health_check_interval": 30}
        self._db = redis.Redis.from_url(url, decode_responses=True, **waits)
        self._scripts = {name: self._db.register_script(PRELUDE + text) for name, text in scripts.items()}

    def _run(self, name: str, *args: Any) -> int:
        return self._scripts[name](args=[repr(each) if isinstance(each, float) else each for each in args])

    def close(self) -> None:
        """Close the connections."""
        self._db.close()


class RedisStore(RedisScripts):
    """Store in Redis.

    Arguments:
        url: Address of the Redis.
    """

    def __init__(self, url: str):
        scripts = {"add": ADD, "change": CHANGE, "use": USE, "end": END, "join": JOIN, "see": SEE, "vote": VOTE}
        super().__init__(url, scripts | {"hand_in": HAND_IN, "bring": BRING})

    @of_redis
    def add(self, room: Room, now: float) -> bool:
        """Add a room; rooms that have ended are deleted, and with too many, one that nobody uses."""
        fields = (room.code, room.opened, now, room.version, room.asked, room.ballot, json.dumps(room.to_record()))
        found = self._run("add", *fields, now - UNUSED_SECONDS, now - ROOM_SECONDS, MOST_ROOMS)
        if found < 0:
            raise FullError
        return found == 1

    @of_redis
    def read(self, code: str, now: float) -> Room | None:
        """Return a room that has not ended."""
        opened, record = self._db.hmget(f"explorer:room:{code}", ["opened", "record"])
        if opened is None or record is None or float(opened) <= now - ROOM_SECONDS:
            return None
        return Room.from_record(json.loads(record))

    @of_redis
    def change(self, room: Room) -> Room | None:
        """Replace the room of this version by it, with the next version."""
        later = Room.from_record(room.to_record() | {"version": room.version + 1})
        fields = (later.version, later.asked, later.ballot, later.sitting, json.dumps(later.to_record()))
        return later if self._run("change", room.code, room.version, *fields) else None

    @of_redis
    def use(self, code: str, now: float) -> None:
        """Remember that the lecturer's page was there."""
        self._run("use", code, now)

    @of_redis
    def end(self, code: str) -> None:
        """Delete a room with all that it held."""
        self._run("end", code)

    @of_redis
    def join(self, code: str, phone: str, now: float) -> bool:
        """Add a phone, or see it again; in a full room it takes the place of one that has gone without a vote."""
        return self._run("join", code, phone, now, now - ROOM_SECONDS, now - GONE_SECONDS, MOST_PHONES) == 1

    @of_redis
    def see(self, code: str, phone: str, now: float, follows: bool | None) -> bool:
        """Remember that a phone is there, and whether it follows if that is said; return whether it has joined."""
        return self._run("see", code, phone, now, "" if follows is None else now * follows) == 1

    @of_redis
    def present(self, code: str, since: float) -> tuple[int, int]:
        """Return how many phones were seen since a time, and how many followed since then."""
        with self._db.pipeline() as asked:
            for kind in ("seen", "followed"):
                asked.zcount(f"explorer:{kind}:{code}", since, "+inf")
            seen, followed = asked.execute()
        return seen, followed

    @of_redis
    def vote(self, code: str, asked: int, ballot: int, phone: str, value: float) -> bool:
        """Count a vote, in place of an earlier one of this phone; return False if this vote is not open."""
        return ballot > 0 and self._run("vote", code, asked, ballot, phone, float(value)) == 1

    @of_redis
    def votes(self, code: str, asked: int) -> tuple[list[float], list[float]]:
        """Return the values of the first and of the second vote on a question."""
        with self._db.pipeline() as reading:
            for ballot in (1, 2):
                reading.hvals(f"explorer:votes:{code}:{asked}:{ballot}")
            first, second = reading.execute()
        return [*map(float, first)], [*map(float, second)]

    @of_redis
    def hand_in(self, code: str, phone: str, given: Handed) -> bool | None:
        """Keep a phone's answers to the inventory, in place of its earlier ones of this sitting."""
        found = self._run("hand_in", code, given.sitting, phone, given.who, json.dumps(given.answers))
        return {1: True, 0: None, -1: False}[found]

    @of_redis
    def bring(self, code: str, handed: Sequence[Handed]) -> bool:
        """Keep answers of an earlier room; what phones of this room handed in stays."""
        fields = [part for each in handed for part in (each.sitting, each.who, json.dumps(each.answers))]
        return self._run("bring", code, MOST_BROUGHT, EARLIER_PHONE, *fields) == 1

    @of_redis
    def handed_in(self, code: str) -> list[Handed]:
        """Return all answers to the inventory."""
        found = self._db.hgetall(f"explorer:handed:{code}")
        given = [(name.split(" ")[0], *json.loads(value)) for name, value in found.items()]
        return [Handed(sitting, who, tuple(json.loads(answers))) for sitting, who, answers in sorted(given)]
