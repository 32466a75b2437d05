/** What stands in a server's database, read past the server. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const kProgram = `
import json, sqlite3, sys
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
print(json.dumps(database.execute(sys.argv[2]).fetchall()))
`;

/** The rows of a query. */
export async function rowsOf(database, query) {
  const { stdout } = await run('python3', ['-c', kProgram, database, query]);
  return JSON.parse(stdout);
}
