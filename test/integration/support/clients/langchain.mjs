/** LangChain for JavaScript. */

import { ChatOpenAI } from '@langchain/openai';
import { collecting } from './client.mjs';

const facts = ({ status, type, code, param }) => ({ status, type, code, param });

const usageOf = (usage) => usage && { prompt: usage.input_tokens, completion: usage.output_tokens };

async function read(stream, collector) {
  const answer = {};
  for await (const chunk of stream) {
    collector.add(chunk.content);
    answer.finish = chunk.response_metadata.finish_reason ?? answer.finish;
    answer.usage = usageOf(chunk.usage_metadata) ?? answer.usage;
  }
  return answer;
}

export const langchain = {
  name: 'LangChain',

  ask: (target, question) =>
    collecting(
      question,
      async (collector) => {
        const { model, text, temperature, stream, signal } = question;
        const configuration = { baseURL: target.baseUrl };
        const apiKey = target.apiKey ?? 'none';
        const chat = new ChatOpenAI({ model, apiKey, configuration, temperature, maxRetries: 0 });
        if (stream) return read(await chat.stream(text, { signal }), collector);
        const made = await chat.invoke(text, { signal });
        collector.add(made.content);
        return {
          finish: made.response_metadata.finish_reason,
          usage: usageOf(made.usage_metadata),
        };
      },
      facts,
    ),
};
