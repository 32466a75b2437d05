/** A stream of /v1/chat/completions as it stands on the wire, without a client's leniency. */

import assert from 'node:assert/strict';

/** Every `data:` of a body that consists of nothing else, parsed; [DONE] stays a text. */
export function eventsOf(body) {
  assert.ok(body.endsWith('\n\n'), `ends in the middle of an event: ${body.slice(-80)}`);
  return body
    .split('\n\n')
    .slice(0, -1)
    .map((event) => {
      assert.match(event, /^data: [^\n]*$/);
      const data = event.slice('data: '.length);
      return data === '[DONE]' ? data : JSON.parse(data);
    });
}

/** The text that came, and the finish reasons that were given. */
export function textOf(events) {
  const choices = events.flatMap((event) => event.choices ?? []);
  return {
    text: choices.map((choice) => choice.delta.content ?? '').join(''),
    finishes: choices.map((choice) => choice.finish_reason).filter(Boolean),
  };
}

/** The shape of every error of the API: exactly these members, in a sentence for humans. */
export function assertErrorBody(body, expected) {
  assert.deepEqual(Object.keys(body), ['error']);
  const { message, ...error } = body.error;
  assert.deepEqual(Object.keys(error).sort(), ['code', 'param', 'type']);
  assert.ok(message.length > 5, message);
  assert.deepEqual({ ...error, ...expected }, error);
}
