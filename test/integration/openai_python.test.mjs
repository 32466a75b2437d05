/** The official Python client against /v1. */

import { openaiPython } from './support/clients/openai_python.mjs';
import { clientContract } from './support/client_contract.mjs';

clientContract(openaiPython);
