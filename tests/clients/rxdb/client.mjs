// An unmodified RxDB on Node. Reads commands as JSON lines, answers each with one JSON line.
// Only the two handlers that RxDB asks an application for are ours: they are what docs/ shows.
import { createInterface } from 'node:readline';
import { createRxDatabase } from 'rxdb';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { filter, firstValueFrom, map, Subject, timeout } from 'rxjs';

const [base] = process.argv.slice(2);
const clients = new Map();
const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 64 },
    text: { type: 'string' },
    rev: { type: 'number' },
  },
  required: ['id'],
};

async function call(client, path, body) {
  const answer = await client.fetch(`${base}/sync/v1/notes/${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${client.secret}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function listen(client) {
  const answer = await fetch(`${base}/sync/v1/events`, {
    headers: { Authorization: `Bearer ${client.secret}` },
    signal: client.leave.signal,
  });
  if (!answer.ok) throw new Error(`events: ${answer.status} ${await answer.text()}`);
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const part of answer.body) {
      const text = decoder.decode(part, { stream: true });
      if (text.includes('data:')) client.hints.next('RESYNC');
    }
  };
  read().catch(() => {});
}

function texts(found) {
  return Object.fromEntries(found.map((row) => [row.id, row.text]));
}

const commands = {
  async open({ name, secret, batch = 10 }) {
    const client = { secret, fetch, hints: new Subject(), leave: new AbortController(), errors: [] };
    client.database = await createRxDatabase({
      name,
      storage: wrappedValidateAjvStorage({ storage: getRxStorageMemory() }),
      multiInstance: false,
    });
    const { notes } = await client.database.addCollections({ notes: { schema } });
    await listen(client);
    client.replication = replicateRxCollection({
      collection: notes,
      replicationIdentifier: `${base}/notes`,
      live: true,
      retryTime: 100,
      pull: {
        batchSize: batch,
        stream$: client.hints.asObservable(),
        handler: (checkpoint, limit) =>
          call(client, 'pull', { checkpoint: checkpoint ?? null, limit }),
      },
      push: { batchSize: batch, handler: (rows) => call(client, 'push', rows) },
    });
    client.replication.error$.subscribe((error) => client.errors.push(String(error)));
    clients.set(name, client);
    await client.replication.awaitInitialReplication();
  },
  async put({ name, id, text }) {
    await clients.get(name).database.notes.incrementalUpsert({ id, text });
  },
  async remove({ name, id }) {
    const found = await clients.get(name).database.notes.findOne(id).exec();
    await found.incrementalRemove();
  },
  async rows({ name }) {
    return texts(await clients.get(name).database.notes.find().exec());
  },
  async sees({ name, rows }) {
    const wanted = JSON.stringify(Object.entries(rows).sort());
    const same = (found) => JSON.stringify(Object.entries(found).sort()) === wanted;
    const live = clients.get(name).database.notes.find().$.pipe(map(texts), filter(same));
    await firstValueFrom(live.pipe(timeout(8000)));
  },
  async synced({ name }) {
    await clients.get(name).replication.awaitInSync();
  },
  async resync({ name }) {
    clients.get(name).replication.reSync();
    await clients.get(name).replication.awaitInSync();
  },
  async pause({ name }) {
    await clients.get(name).replication.pause();
  },
  async start({ name }) {
    await clients.get(name).replication.start();
  },
  // The server does the work, but the answer to the next request of this kind is lost.
  async lose({ name, path }) {
    const client = clients.get(name);
    client.fetch = async (url, options) => {
      const answer = await fetch(url, options);
      if (!url.endsWith(path)) return answer;
      client.fetch = fetch;
      throw new Error('the answer was lost');
    };
  },
  async errors({ name }) {
    return clients.get(name).errors;
  },
  async close() {
    for (const client of clients.values()) {
      client.leave.abort();
      await client.replication.cancel();
      await client.database.close();
    }
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { act, ...rest } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ value: (await commands[act](rest)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.stack ?? error) }));
  }
  if (act === 'close') process.exit(0);
}
