/**
 * Bodies of POST /v1/chat/completions that are wrong, whichever model they name.
 *
 * Each is { name, body(model), status, param, code }: `param` names the field to blame, null where
 * the body as a whole is at fault.
 */

const good = { role: 'user', content: 'Do you ship to Osaka?' };
const text = (model, more) => JSON.stringify({ model, messages: [good], ...more });
const quoted = (value) => JSON.stringify(value);

const refusal = (name, param, body, more = {}) => ({
  name,
  param,
  body,
  status: 400,
  code: 'bad_request',
  ...more,
});

/** The whole body. */
const kBodies = [
  refusal('an empty body', null, () => ''),
  refusal('text that is no JSON', null, () => 'hello'),
  refusal('JSON that ends too early', null, (model) => text(model).slice(0, -1)),
  refusal('JSON with something behind it', null, (model) => `${text(model)}]`),
  refusal('single quotes', null, () => "{'model': 'fast'}"),
  refusal('null', null, () => 'null'),
  refusal('an array', null, () => '[]'),
  refusal('a number', null, () => '42'),
  refusal('bytes that are no UTF-8', null, (model) =>
    Buffer.concat([
      Buffer.from(`{"model":${quoted(model)},"messages":[{"role":"user","content":"`),
      Buffer.from([0xe3, 0x81, 0xff]),
      Buffer.from('"}]}'),
    ]),
  ),
  refusal('a control character in a string', null, (model) =>
    text(model).replace('ship', 'sh\u0001p'),
  ),
  refusal('100,000 open brackets', null, () => '['.repeat(100_000)),
  refusal('deep nesting in a field', 'metadata', (model) =>
    text(model, { metadata: 0 }).replace(
      '"metadata":0',
      `"metadata":${'['.repeat(500)}${']'.repeat(500)}`,
    ),
  ),
  refusal('a number beyond all numbers', 'seed', (model) =>
    text(model, { seed: 0 }).replace('"seed":0', '"seed":1e400'),
  ),
  refusal('the model twice', 'model', (model) => text(model).replace('{', '{"model":"other",')),
  refusal('the model twice, once escaped', 'model', (model) =>
    text(model).replace('{', '{"mod\\u0065l":"other",'),
  ),
  refusal('no model', 'model', () => JSON.stringify({ messages: [good] })),
  refusal('no messages', 'messages', (model) => JSON.stringify({ model })),
  refusal(
    'a body of more than 1 MiB',
    null,
    (model) => text(model, { metadata: 'x'.repeat(1 << 20) }),
    {
      status: 413,
      code: 'too_large',
    },
  ),
];

/** One field with values that it cannot have. */
const kFields = {
  model: [5, true, null, '', [], {}, 'm'.repeat(300)],
  messages: [5, true, 'hello', {}, null, [], Array(201).fill(good)],
  stream: ['true', 1, [], {}],
  stream_options: [true, 'usage', []],
  max_tokens: [0, -1, 1.5, '100', 1e12, []],
  max_completion_tokens: [0, -1, 1.5, '100', {}],
  temperature: [-0.1, 2.1, '1', [], true],
  top_p: [-0.1, 1.1, '1', {}],
  stop: [5, {}, [5], Array(17).fill('a')],
  user: [5, [], {}],
  logprobs: ['yes', 1, []],
  n: [0, 2, -1, 'one', 1.5],
};

const kMessages = {
  'messages[0]': [5, 'hello', null, []],
  'messages[0].role': [{ content: 'Hi' }, { ...good, role: 5 }, { ...good, role: 'robot' }],
  'messages[0].content': [
    { role: 'user' },
    { role: 'user', content: null },
    { role: 'user', content: 5 },
    { role: 'user', content: {} },
    { role: 'user', content: [5] },
    { role: 'user', content: [{ text: 'no type' }] },
    { role: 'user', content: [{ type: 'text' }] },
    { role: 'user', content: 'x'.repeat(600_000) },
  ],
};

const shown = (value) => {
  const said = quoted(value);
  return said.length > 40 ? `${said.slice(0, 40)}… (${said.length} bytes)` : said;
};

function* requests() {
  yield* kBodies;
  for (const [param, values] of Object.entries(kFields)) {
    for (const value of values) {
      yield refusal(`${param}: ${shown(value)}`, param, (model) => text(model, { [param]: value }));
    }
  }
  yield refusal('stream_options.include_usage: 5', 'stream_options.include_usage', (model) =>
    text(model, { stream: true, stream_options: { include_usage: 5 } }),
  );
  for (const [param, values] of Object.entries(kMessages)) {
    for (const value of values) {
      yield refusal(`${param} of ${shown(value)}`, param, (model) =>
        text(model, { messages: [value] }),
      );
    }
  }
  yield refusal('the second of two messages', 'messages[1].role', (model) =>
    text(model, { messages: [good, { content: 'Hi' }] }),
  );
}

export const badRequests = [...requests()];
