/** LangChain for JavaScript against /v1. */

import { langchain } from './support/clients/langchain.mjs';
import { clientContract } from './support/client_contract.mjs';

clientContract(langchain);
