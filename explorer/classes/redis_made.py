"""What classes make, kept in the Redis of their rooms: the interface of `made.py`, for several front ends.

Values are in base64, because the connection reads texts. Each is one field of a hash of its question, with its kind,
its state and the number of its change. The script that ends a room deletes these keys, too.
"""

import base64

from explorer.classes.made import LET, PLACES, WAITS, WHICH_DIGITS, Made
from explorer.classes.redis_store import RedisScripts, of_redis
from explorer.classes.room import MADE_DRAWING, RoomError

_FIELDS = """
local function fields(value) return string.match(value, '^(%a+):(%d):(%d+):(.*)$') end
local function field(...) return table.concat({...}, ':') end
local function changed(code, asked) return redis.call('HINCRBY', key('changes', code), asked, 1) end
"""
PUT = (
    _FIELDS
    + f"""
local code, asked, kind, phone, place, value, replaces = unpack(ARGV)
local now = redis.call('HMGET', key('room', code), 'asked', 'ballot')
if now[1] ~= asked or now[2] ~= '1' or not redis.call('ZSCORE', key('seen', code), phone) then return 0 end
local made, sent = of_question('made', code, asked), of_question('sent', code, asked)
local number = tonumber(place)
if number > 0 and redis.call('HEXISTS', made, field(phone, number - 1)) == 0 then return -1 end
local before = redis.call('HGET', made, field(phone, place))
local was = before and select(4, fields(before)) or ''
if not before or (was ~= value and replaces == '1') then
  redis.call('HSET', made, field(phone, place), field(kind, {WAITS}, changed(code, asked), value))
  local more = (value ~= '' and 1 or 0) - (was ~= '' and 1 or 0)
  if redis.call('HINCRBY', sent, phone, more) <= 0 then redis.call('HDEL', sent, phone) end
end
redis.call('HSET', key('kinds', code), kind, asked)
for _, each in ipairs({{made, sent, key('changes', code), key('kinds', code)}}) do keep(each) end
return 1
"""
)
LET_ONE = (
    _FIELDS
    + f"""
local code, asked, which, value, state = unpack(ARGV)
local made = of_question('made', code, asked)
for _, at in ipairs(redis.call('HKEYS', made)) do
  if string.sub(at, 1, {WHICH_DIGITS}) == which then
    local kind, was, change, drawn = fields(redis.call('HGET', made, at))
    if kind == '{MADE_DRAWING}' and drawn == value then
      redis.call('HSET', made, at, field(kind, state, changed(code, asked), drawn))
      return 1
    end
  end
end
return 0
"""
)
LET_ALL = (
    _FIELDS
    + f"""
local code, asked, last, state = unpack(ARGV)
local made = of_question('made', code, asked)
local found, number = redis.call('HGETALL', made), nil
for k = 1, #found, 2 do
  local kind, was, change, drawn = fields(found[k + 1])
  local waits = kind == '{MADE_DRAWING}' and was == '{WAITS}' and drawn ~= ''
  if waits and tonumber(change) <= tonumber(last) then
    number = number or changed(code, asked)
    redis.call('HSET', made, found[k], field(kind, state, number, drawn))
  end
end
"""
)


class RedisMade(RedisScripts):
    """What classes make, in Redis.

    Arguments:
        url: Address of the Redis.
    """

    def __init__(self, url: str):
        super().__init__(url, {"put": PUT, "let": LET_ONE, "let_all": LET_ALL})

    @of_redis
    def put(self, code: str, asked: int, kind: str, phone: str, place: int, value: bytes) -> bool:
        """Keep what a phone sends while its question is open; return False if it is not.

        Raises:
            RoomError: if the phone leaves out a place.
        """
        found = self._run("put", code, asked, kind, phone, place, _text(value), int(PLACES[kind] == 1))
        if found < 0:
            raise RoomError("One after the other.")
        return found == 1

    @of_redis
    def own(self, code: str, asked: int, phone: str) -> list[Made]:
        """Return what a phone has sent, in order."""
        names = [f"{phone}:{place}" for place in range(max(PLACES.values()))]
        found = self._db.hmget(f"explorer:made:{code}:{asked}", names)
        return _sent({name: value for name, value in zip(names, found, strict=True) if value is not None})

    @of_redis
    def all(self, code: str, asked: int) -> list[Made]:
        """Return what all phones have sent for a question, phone after phone."""
        return _sent(self._db.hgetall(f"explorer:made:{code}:{asked}"))

    @of_redis
    def counts(self, code: str, asked: int) -> tuple[int, int, int]:
        """Return how many phones have sent something, how many values there are, and the number of the last change."""
        with self._db.pipeline() as reading:
            reading.hvals(f"explorer:sent:{code}:{asked}")
            reading.hget(f"explorer:changes:{code}", str(asked))
            values, change = reading.execute()
        return len(values), sum(map(int, values)), int(change or 0)

    @of_redis
    def latest(self, code: str, kind: str) -> int:
        """Return the number of the latest question of a kind for which something was sent; 0 without one."""
        return int(self._db.hget(f"explorer:kinds:{code}", kind) or 0)

    @of_redis
    def let(self, code: str, asked: int, which: str, value: bytes, state: int) -> bool:
        """Let a drawing through, or not; return False if the phone has another one meanwhile."""
        return self._run("let", code, asked, which, _text(value), state) == 1

    @of_redis
    def let_all(self, code: str, asked: int, change: int) -> None:
        """Let all drawings through that waited at a change; those that came later go on waiting."""
        self._run("let_all", code, asked, change, LET)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _sent(found: dict[str, str]) -> list[Made]:
    """Return the values of fields by phone and place, without those that were taken back."""
    made = []
    for name, text in found.items():
        (phone, place), (_, state, _, value) = name.split(":"), text.split(":")
        if value:
            made.append(Made(phone, int(place), base64.b64decode(value), int(state)))
    return sorted(made)
