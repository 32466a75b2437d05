/** `hayate classify` and the intents' part of `hayate check`, as somebody with own data meets them. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { hayateBinary, root } from './support/child.mjs';

let folder;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hayate-classify-'));
});
after(() => rm(folder, { recursive: true }));

/** Without the developer's weights: n-grams alone. */
const hayate = (...args) =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1' };
    execFile(hayateBinary, args, { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });

async function tsv(name, rows) {
  const file = path.join(folder, name);
  await writeFile(file, rows.map((row) => row.join('\t')).join('\n'));
  return file;
}

const pets = [
  'my cat is ill',
  'the dog barks',
  'a cat sleeps',
  'feed the dog',
  'dog food',
  'cat toys',
];
const cars = [
  'my car is slow',
  'the motor stalls',
  'a car drives',
  'wash the car',
  'motor oil',
  'car seats',
];
const training = () =>
  tsv('train.tsv', [
    ...pets.map((text) => ['pets', 'en', '-', text]),
    ...cars.map((text) => ['cars', 'en', '-', text]),
  ]);

test('a message is explained', async () => {
  const { code, stdout } = await hayate(
    'classify',
    '--json',
    'Is AoT vol. 3 under 1,000 yen? MNG-78901',
  );
  assert.equal(code, 0);
  const said = JSON.parse(stdout);
  assert.equal(said.language, 'en');
  const kinds = said.entities.map((entity) => entity.kind);
  assert.deepEqual(kinds, ['title', 'volume', 'price', 'order']);
  assert.deepEqual([said.entities[2].low, said.entities[2].high], [null, 1000]);
  const sum = Object.values(said.intents).reduce((all, one) => all + one);
  assert.ok(Math.abs(sum - 1) < 0.01, stdout);
  assert.ok(said.complexity.contributions.intent > 0);
});

test('a classifier is trained on a file and measured on another', async () => {
  const train = await training();
  const test = await tsv('test.tsv', [
    ['pets', 'en', 'M', 'the cat eats dog food'],
    ['cars', 'fr', 'L', 'my car motor'],
    ['oos', 'en', '-', 'zzz qqq'],
  ]);
  const { code, stdout } = await hayate('classify', '--train', train, '--test', test, '--json');
  assert.equal(code, 0);
  const report = JSON.parse(stdout);
  assert.equal(report.intents, 2);
  assert.equal(report.ngrams.accuracy, 1);
  assert.deepEqual(report.ngrams.by_language, { en: 1, fr: 1 });
  assert.equal(report.ngrams.oos, 1);
  assert.equal(report.ngrams.oos_auroc, 1);
  assert.equal(report.ngrams.tiers.messages, 2);
  assert.equal(report.latency_us.queries, 3);
  assert.equal(report.second_opinion, null);
  const people = await hayate('classify', '--train', train, '--test', test);
  assert.match(people.stdout, /accuracy +100\.00 % of 2 in scope/);
});

test('rows that are wrong are named by file and line', async () => {
  const train = await training();
  const test = await tsv('bad.tsv', [
    ['pets', 'en', '-', 'fine'],
    ['pets', 'en', 'fine?'],
    ['pets', 'en', 'X', 'a tier'],
    ['pets', 'en', '-', ' '],
  ]);
  const bad = await hayate('classify', '--train', train, '--test', test);
  assert.equal(bad.code, 3);
  const named = bad.stderr + bad.stdout;
  for (const line of [2, 3, 4]) assert.match(named, new RegExp(`bad\\.tsv:${line}: `));
  const unknown = await tsv('unknown.tsv', [['pet', 'en', '-', 'a cat']]);
  const near = await hayate('classify', '--train', train, '--test', unknown);
  assert.equal(near.code, 3);
  assert.match(near.stderr + near.stdout, /unknown\.tsv:1: .*did you mean 'pets'/);
  const one = await tsv('one.tsv', [
    ['oos', 'en', '-', 'x'],
    ['pets', 'en', '-', 'y'],
  ]);
  const refused = await hayate('classify', '--train', one, 'a text');
  assert.equal(refused.code, 3);
  assert.match(refused.stderr + refused.stdout, /one\.tsv: at least two intents are needed/);
});

test('what is out of scope is learned from as well, and mistakes are shown', async () => {
  const rows = (await readFile(await training(), 'utf8')).split('\n').map((row) => row.split('\t'));
  const strange = [
    'rain and snow',
    'snow falls',
    'the rain stops',
    'rain today',
    'is it snow',
    'wet rain',
  ];
  const train = await tsv('strange.tsv', [
    ...rows,
    ...strange.map((text) => ['oos', 'en', '-', text]),
  ]);
  const test = await tsv('test.tsv', [
    ['pets', 'en', '-', 'the cat eats dog food'],
    ['cars', 'en', '-', 'my dog barks'],
    ['oos', 'en', '-', 'rain or snow'],
  ]);
  const { code, stdout } = await hayate('classify', '--train', train, '--test', test, '--json');
  assert.equal(code, 0);
  const report = JSON.parse(stdout);
  assert.equal(report.intents, 2);
  assert.equal(report.ngrams.oos_auroc, 1);
  const mistake = report.mistakes.find(({ text }) => text === 'my dog barks');
  assert.deepEqual([mistake.truth, mistake.said], ['cars', 'pets']);
  assert.ok(!report.mistakes.some(({ text }) => text === 'the cat eats dog food'));
  const people = await hayate('classify', '--train', train, '--test', test, '--mistakes');
  assert.match(people.stdout, /\d read as something else\n[^]* cars +pets +[\d.]+ % +my dog barks/);
});

test('an assistant whose intents cannot be told apart is refused', async () => {
  const assistant = path.join(folder, 'assistant');
  await cp(path.join(root, 'assistants/mangaassist'), assistant, { recursive: true });
  const file = path.join(assistant, 'assistant.yaml');
  const yaml = await readFile(file, 'utf8');
  await writeFile(file, yaml.replace(/intent_accuracy_min: .*/, 'intent_accuracy_min: 1'));
  const { code, stdout, stderr } = await hayate('check', '--assistant', assistant);
  assert.equal(code, 3);
  const said = stdout + stderr;
  assert.match(said, /assistant\.yaml:\d+: intent_accuracy_min: .*% of their own examples/);
  assert.match(said, /intents\/\w+\.yaml: \d+ examples are taken for \w+: '/);
});

test('whom an open message would be asked about is told', async () => {
  const shop = path.join(folder, 'asking');
  await cp(path.join(root, 'assistants/mangaassist'), shop, { recursive: true });
  const file = path.join(shop, 'assistant.yaml');
  const shipped = await readFile(file, 'utf8');
  // Learned as either of two things, so that no example shipped elsewhere decides which.
  const learn = async (intent, examples) => {
    const learned = path.join(shop, 'intents', `${intent}.yaml`);
    const lines = examples.map((example) => `    - ${example}\n`).join('');
    const text = await readFile(learned, 'utf8');
    await writeFile(learned, text.replace(/^ {2}en:\n/m, `  en:\n${lines}`));
  };
  await learn('faq', ['so about my moon crystals', 'my moon crystals then']);
  await learn('complaint', ['and about my moon crystals', 'my moon crystals though']);
  const write = (model) => {
    const classifier = `\nunderstand:\n  classifier: {model: ${model}}\n`;
    return writeFile(
      file,
      shipped.replace('\nunderstand:\n', classifier).replace(/margin: .*/, 'margin: 0.98'),
    );
  };
  await write('fast');
  const explain = async (text) => {
    const { stdout } = await hayate('classify', '--assistant', shop, '--json', text);
    return JSON.parse(stdout).approach;
  };
  const open = await explain('about my moon crystals');
  assert.deepEqual([open.consults, open.asks_back.sort()], ['fast', ['complaint', 'faq']]);
  const plain = await explain('where is my order?');
  assert.deepEqual([plain.consults, plain.asks_back], [null, []]);

  await write('fats');
  const { code, stdout, stderr } = await hayate('check', '--assistant', shop);
  assert.equal(code, 3);
  assert.match(
    stdout + stderr,
    /assistant\.yaml:\d+: understand\.classifier\.model: .*did you mean 'fast'/,
  );
});
