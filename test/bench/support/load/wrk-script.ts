import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Load } from './load.js';

export interface ScriptFiles {
  readonly senders: string;
  readonly receivers: string;
  readonly texts: string;
}

export function scriptFiles(folder: string): ScriptFiles {
  return {
    senders: join(folder, 'senders.txt'),
    receivers: join(folder, 'receivers.txt'),
    texts: join(folder, 'texts.txt'),
  };
}

/** A string in Lua, which knows the escapes of JSON that a path, a name of a file and a host can have. */
const quoted = (text: string) => JSON.stringify(text);

function bodyOf({ posted }: Load): string {
  if (posted === undefined) {
    return 'nil';
  }
  return 'payTo' in posted ? 'payment(sender)' : 'texts[random(#texts)]';
}

/**
 * The load as a script of wrk: a request is a few strings put together, of which all that does not change is made once. When it
 * ends it prints one line of JSON. The lists are files, since a Lua function cannot hold so many constants.
 */
export function wrkScript(load: Load, files: ScriptFiles, firstPayment: number): string {
  const { host } = new URL(load.url);
  const method = load.posted === undefined ? 'GET' : 'POST';
  return `
local random = math.random
local heads, names, receivers, texts = {}, {}, {}, {}
number = ${firstPayment}
local threads = {}

local common = ${quoted(`${method} ${load.path} HTTP/1.1\r\nHost: ${host}\r\n`).replaceAll('\\r', '\\13').replaceAll('\\n', '\\10')}
local ending = "Content-Type: application/json\\r\\nIdempotency-Key: "

local function lines(path, take)
  local file = io.open(path)
  if file then
    for line in file:lines() do take(line) end
    file:close()
  end
end

function setup(thread)
  table.insert(threads, thread)
end

function init()
  math.randomseed(${randomInt(2 ** 31)})
  lines(${quoted(files.senders)}, function(line)
    local name, token = line:match("(%S+) (%S+)")
    table.insert(names, name)
    table.insert(heads, common .. "Authorization: Bearer " .. token .. "\\r\\n")
  end)
  if #heads == 0 then heads[1] = common end
  lines(${quoted(files.receivers)}, function(line) table.insert(receivers, (line:match("%S+"))) end)
  lines(${quoted(files.texts)}, function(line) table.insert(texts, line) end)
end

local function payment(sender)
  local name = names[sender]
  local receiver
  repeat receiver = receivers[random(#receivers)] until receiver ~= name
  local minor = 100 + 2 * number
  number = number + 1
  return string.format('{"to":"%s","amount":"%d.%02d","memo":"bench"}', receiver, math.floor(minor / 100), minor % 100)
end

local function key()
  local word = function() return random(0, 4294967295) end
  return string.format("%08x%08x%08x%08x", word(), word(), word(), word())
end

function request()
  local sender = random(#heads)
  local body = ${bodyOf(load)}
  if not body then return heads[sender] .. "\\r\\n" end
  return heads[sender] .. ending .. key() .. "\\r\\nContent-Length: " .. #body .. "\\r\\n\\r\\n" .. body
end

function done(summary, latency)
  local lost = summary.errors
  io.write(string.format(
    '\\npay-bench {"requests":%d,"micros":%d,"refused":%d,"lost":%d,"p50Micros":%d,"p99Micros":%d,"number":%d}\\n',
    summary.requests, summary.duration, lost.status, lost.connect + lost.read + lost.write + lost.timeout,
    latency:percentile(50), latency:percentile(99), threads[1]:get("number")
  ))
end
`;
}
