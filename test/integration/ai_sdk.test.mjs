/** The AI SDK's provider for OpenAI-compatible servers against /v1. */

import { aiSdk } from './support/clients/ai_sdk.mjs';
import { clientContract } from './support/client_contract.mjs';

clientContract(aiSdk);
