import { createHash } from 'node:crypto';
import type { CommandParser } from '@redis/client';
import { z } from 'zod';

/**
 * Tells the others of a pause, and whoever comes later, if there is room for that. One that holds already is not cut short by
 * a shorter one. No MULTI: Redis 7.0 puts what this connection itself is subscribed to into the middle of EXEC's reply.
 */
const PAUSE = `
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.pcall('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return redis.call('PUBLISH', ARGV[3], ARGV[4])`;

/** Tells the others that something holds no longer. It works where memory is full, too. */
const END = `
redis.call('DEL', KEYS[1])
return redis.call('PUBLISH', ARGV[1], ARGV[2])`;

/** Which of these pauses hold: the place of the key, what is left in milliseconds, the value; one after the other. */
const PAUSES = `
local found = {}
for place, key in ipairs(KEYS) do
  local left = redis.call('PTTL', key)
  local value = left > 0 and redis.pcall('GET', key)
  if type(value) == 'string' then
    table.insert(found, place - 1)
    table.insert(found, left)
    table.insert(found, value)
  end
end
return found`;

/**
 * Looks for an answer. One of an earlier generation is none, and one that is young enough ends the search. Else whoever
 * comes first is to ask the vendor, or whoever insists.
 */
const FIND = `
local generation = redis.call('GET', KEYS[2])
if not generation then
  generation = ARGV[3]
  redis.call('SET', KEYS[2], generation, 'PX', ARGV[4])
end
local age = -1
local kept = redis.pcall('HMGET', KEYS[1], 'generation', 'ms')
if kept[1] == generation then
  age = (tonumber(kept[2]) or 0) - redis.call('PTTL', KEYS[1])
end
local young = age >= 0 and age < tonumber(ARGV[5])
if ARGV[6] == 'insist' then
  redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
  return {generation, 1, -1, ''}
end
if young then
  return {generation, 0, age, redis.call('HGET', KEYS[1], 'body')}
end
local first = redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2], 'NX')
local body = age >= 0 and ARGV[6] == 'look' and redis.call('HGET', KEYS[1], 'body')
return {generation, first and 1 or 0, age, body or ''}`;

/** Keeps an answer, if nobody has asked later: so the answer to the newest question stays, in whatever order they come. */
const KEEP = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'generation', ARGV[2], 'ms', ARGV[3], 'body', ARGV[4])
return redis.call('PEXPIRE', KEYS[1], ARGV[3])`;

/** There will be no answer: whoever waits for it may ask. */
const GIVE_UP = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** Runs as one step in Redis, and costs one round trip. */
const script = (SCRIPT: string) => ({
  SCRIPT,
  // By this Redis knows one that it has run before.
  SHA1: createHash('sha1').update(SCRIPT).digest('hex'),
  parseCommand(parser: CommandParser, keys: readonly string[], values: readonly (string | Buffer)[]) {
    parser.push(String(keys.length));
    for (const key of keys) parser.pushKey(key);
    parser.push(...values);
  },
  // Whoever asks reads it.
  transformReply: undefined as unknown as () => unknown,
});

/** What Redis is asked to do in one step. */
export const scripts = {
  pause: script(PAUSE),
  end: script(END),
  pauses: script(PAUSES),
  find: script(FIND),
  keep: script(KEEP),
  giveUp: script(GIVE_UP),
};

const bytes = z.instanceof(Buffer);

/** What `find` answers: the generation, whether this is the first to ask, the age of what is kept, and what that is. */
export const findReply = z.tuple([bytes, z.int(), z.int(), bytes]);

/** What `pauses` answers. */
export const pausesReply = z.array(z.union([z.int(), bytes]));
