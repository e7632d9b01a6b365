import { runConnector } from '@trueup/connector-sdk';
import { autotask } from './autotask.js';

await runConnector(autotask, new URL('../connector.manifest.json', import.meta.url));
