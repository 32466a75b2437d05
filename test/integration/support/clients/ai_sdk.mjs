/** The AI SDK with its provider for OpenAI-compatible servers. */

import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, streamText } from 'ai';
import { collecting } from './client.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false;

/** An error before the stream is an APICallError; one inside it is the server's error object. */
function facts(error) {
  const said = error.data?.error ?? error.cause ?? {};
  const { type, code, param } = said;
  return { status: error.statusCode, type, code, param };
}

const usageOf = ({ inputTokens, outputTokens }) => ({
  prompt: inputTokens,
  completion: outputTokens,
});

function callOf(target, { model, text, temperature, signal }) {
  const provider = createOpenAICompatible({
    name: 'hayate',
    baseURL: target.baseUrl,
    apiKey: target.apiKey ?? 'none',
    includeUsage: true,
  });
  const options = { temperature, abortSignal: signal, maxRetries: 0 };
  return { model: provider.chatModel(model), prompt: text, ...options };
}

async function read(parts, collector) {
  const answer = {};
  for await (const part of parts) {
    if (part.type === 'text-delta') collector.add(part.text);
    if (part.type === 'error') {
      throw part.error instanceof Error
        ? part.error
        : new Error(part.error.message, { cause: part.error });
    }
    if (part.type === 'abort') throw new Error('aborted');
    if (part.type === 'finish') {
      answer.finish = part.finishReason;
      answer.usage = usageOf(part.totalUsage);
    }
  }
  return answer;
}

export const aiSdk = {
  name: 'AI SDK',

  ask: (target, question) =>
    collecting(
      question,
      async (collector) => {
        const call = callOf(target, question);
        if (question.stream) {
          return read(streamText({ ...call, onError: () => {} }).fullStream, collector);
        }
        const made = await generateText(call);
        collector.add(made.text);
        return { finish: made.finishReason, usage: usageOf(made.totalUsage) };
      },
      facts,
    ),
};
