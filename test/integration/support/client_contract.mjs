/**
 * What must hold for every client of /v1/chat/completions, with a raw model and with the assistant:
 * whole answers are whole, broken ones are errors, and an abort reaches the provider.
 */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertClosedEarly } from './mock_model.mjs';
import { sites } from './sites.mjs';
import { until } from './waiting.mjs';

const kQuestion = 'Do you ship to Osaka?';
const kAnswer = 'Yes, we ship to Osaka, and parcels arrive there on the next day.';
// Kana, kanji beyond the first plane, a family joined by zero-width joiners, a flag, a combining
// accent, and what JSON must escape.
const kManyScripts = '送料は「500円」です。𠮷野家 👩‍👩‍👧‍👦 🇯🇵 e\u0301 \\ "quoted"\n二行目 ✨終わり';

/** The next token is ten minutes away: what the mock had sent when its call was closed is all. */
const kSlow = { answer: kAnswer, ttft: 0, rate: 'constant:600000' };
const kPatient = { stall_time_ms: 3_600_000, first_token_time_ms: 3_600_000 };

const kSites = {
  plain: { mock: { answer: kAnswer } },
  unicode: { mock: { answer: kManyScripts, split: 1 } },
  cut: { mock: { answer: kAnswer, cut_after: 3 } },
  error: { mock: { answer: kAnswer, error_after: 3 } },
  slow: { mock: kSlow, model: kPatient },
  locked: { mock: { answer: kAnswer }, keys: ['service'] },
};

/** Registers the tests. `shared` goes to every site: another provider, for example. */
export function clientContract(client, shared = {}) {
  const site = sites(kSites, shared);
  for (const model of ['fast', 'mangaassist']) {
    describe(`${client.name} and the model ${model}`, () => contract(client, site, model));
  }
}

function contract(client, site, model) {
  const ask = async (name, question = {}) => {
    const { target } = await site(name);
    return client.ask(target, { model, text: kQuestion, ...question });
  };
  const refused = (asked, expected) =>
    assert.rejects(asked, (error) => {
      assert.deepEqual({ status: error.status, code: error.code }, expected, error.stack);
      assert.equal(error.text, '', 'no text came before the error');
      return true;
    });

  for (const stream of [false, true]) {
    const kind = stream ? 'streamed' : 'not streamed';

    test(`an answer, ${kind}`, async () => {
      const { mock } = await site('plain');
      const watch = await mock.watch();
      const answer = await ask('plain', { stream });
      assert.equal(answer.text, kAnswer);
      assert.equal(answer.finish, 'stop');
      assert.equal(answer.usage.completion, (await watch.ended()).tokens);
      assert.ok(answer.usage.prompt > 0);
    });

    test(`Japanese and emoji in 1-byte writes, ${kind}`, async () => {
      const answer = await ask('unicode', { stream });
      assert.equal(answer.text, kManyScripts);
      assert.ok(
        answer.pieces.every((piece) => piece.isWellFormed()),
        'no piece has half a character',
      );
    });

    for (const fault of ['cut', 'error']) {
      test(`the provider's answer ends in ${fault}, ${kind}`, async () => {
        await assert.rejects(ask(fault, { stream }), (error) => {
          assert.ok(kAnswer.startsWith(error.text) && error.text !== kAnswer, error.text);
          if (stream) assert.notEqual(error.text, '', 'what had come is shown');
          else assert.equal(error.status, fault === 'cut' ? 502 : 503);
          assert.equal(error.type, fault === 'cut' ? 'upstream_error' : 'overloaded_error');
          assert.equal(error.code, fault === 'cut' ? 'upstream' : 'busy');
          return true;
        });
      });
    }

    test(`a field with an impossible value, ${kind}`, () =>
      refused(ask('plain', { stream, temperature: 9 }), {
        status: 400,
        code: 'bad_request',
      }));

    test(`without a key where keys exist, ${kind}`, () =>
      refused(ask('locked', { stream }), { status: 401, code: 'unauthenticated' }));

    test(`with a wrong key, ${kind}`, async () => {
      const { hayate, target } = await site('locked');
      const wrong = { ...target, apiKey: `hk_${'0'.repeat(hayate.keys[0].length - 3)}` };
      await refused(client.ask(wrong, { model, text: kQuestion, stream }), {
        status: 401,
        code: 'invalid_api_key',
      });
    });

    test(`with a right key, ${kind}`, async () => {
      const { hayate, target } = await site('locked');
      const right = { ...target, apiKey: hayate.keys[0] };
      assert.equal((await client.ask(right, { model, text: kQuestion, stream })).text, kAnswer);
    });
  }

  test('an unknown model', () =>
    refused(ask('plain', { model: `${model}-2` }), { status: 404, code: 'model_not_found' }));

  test('text arrives while the provider still writes, and an abort then ends its call', async () => {
    const { mock } = await site('slow');
    const watch = await mock.watch();
    const abort = new AbortController();
    const asked = ask('slow', { stream: true, signal: abort.signal, onPiece: () => abort.abort() });
    await assert.rejects(asked, (error) => error.isAbort && error.text !== '');
    assertClosedEarly(await watch.ended(), 1);
  });

  test('an abort ends the call of the provider also when nothing is streamed', async () => {
    const { mock } = await site('slow');
    const watch = await mock.watch();
    const abort = new AbortController();
    const asked = ask('slow', { signal: abort.signal });
    const aborted = assert.rejects(asked, (error) => error.isAbort);
    await watch.begun();
    abort.abort();
    await aborted;
    assertClosedEarly(await watch.ended(), 1);
  });

  test('after an abort nothing is left running', async () => {
    const { hayate } = await site('slow');
    await until('no turn runs', async () => (await hayate.metric('hayate_turns_running')) === 0);
  });
}
