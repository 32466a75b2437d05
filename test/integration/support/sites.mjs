/**
 * A site is one mock-model and one hayate in front of it, whose model "fast" is that mock: what a
 * customer of either meets when the provider behaves in one certain way.
 */

import { after } from 'node:test';
import { Hayate, openAiModel } from './hayate.mjs';
import { MockModel } from './mock_model.mjs';

export class Site {
  /** mock: options of mock-model. model: further keys of the model. rest: of Hayate.start. */
  static async start({ mock = {}, model = {}, modelOf = openAiModel, ...rest }) {
    const site = new Site();
    site.mock = await MockModel.start(mock);
    try {
      site.hayate = await Hayate.start({ models: { fast: modelOf(site.mock, model) }, ...rest });
    } catch (error) {
      await site.mock.stop();
      throw error;
    }
    site.target = { baseUrl: site.hayate.apiUrl };
    return site;
  }

  async stop() {
    try {
      await this.hayate.stop();
    } finally {
      await this.mock.stop();
    }
  }
}

/** Sites by name, each started when it is first asked for and stopped after the file's tests. */
export function sites(byName, shared = {}) {
  const started = new Map();
  after(async () => {
    const stopped = await Promise.allSettled(
      [...started.values()].map(async (site) => (await site).stop()),
    );
    const failures = stopped.filter(({ status }) => status === 'rejected');
    if (failures.length > 0) throw new AggregateError(failures.map(({ reason }) => reason));
  });
  return (name) => {
    if (!started.has(name)) started.set(name, Site.start({ ...shared, ...byName[name] }));
    return started.get(name);
  };
}
