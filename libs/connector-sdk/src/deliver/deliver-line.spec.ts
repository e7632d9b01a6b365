import { describeDecisions } from '../testing/decisions.behaviour.js';
import { describeDelivery } from '../testing/delivery.behaviour.js';
import { describeLeftOver } from '../testing/left-over-accounts.behaviour.js';
import { memoryLedgerUnderTest } from '../testing/ledger-under-test.js';

describeDelivery('the ledger in memory', memoryLedgerUnderTest);
describeDecisions('the ledger in memory', memoryLedgerUnderTest);
describeLeftOver('the ledger in memory', memoryLedgerUnderTest);
