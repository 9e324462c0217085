import { once, setMaxListeners } from 'node:events';
import { readPeople } from '../support/load/person.js';
import { makeAttackerAgent } from './attack.js';
import { attacks } from './attacks.js';

// A process of its own that attacks until it is told to end, and prints how often the server answered what as JSON.

const [name = '', url = '', peopleFile = ''] = process.argv.slice(2);
const attack = attacks.find((one) => one.name === name);
const [person, other] = readPeople(peopleFile);
if (attack === undefined || person === undefined || other === undefined) {
  throw new Error('usage: attacking NAME URL FILE-OF-TWO-PEOPLE');
}

const over = new AbortController();
// Each of many requests listens.
setMaxListeners(0, over.signal);
const dispatcher = makeAttackerAgent();
const statuses: Record<string, number> = {};
const attacking = attack.run({
  ...{ url, person, other, dispatcher },
  over: over.signal,
  note(status) {
    statuses[status] = (statuses[status] ?? 0) + 1;
  },
});
// Waiting for a signal keeps no process alive.
const alive = setInterval(() => {}, 60_000);
await once(process, 'SIGTERM');
clearInterval(alive);
over.abort();
await dispatcher.destroy();
await Promise.allSettled([attacking]);
process.stdout.write(JSON.stringify(statuses));
