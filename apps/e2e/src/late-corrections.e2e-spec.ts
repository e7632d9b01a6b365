import { describe, expect, it } from 'vitest';
import { call } from './http.js';
import { monthOf, nextDay } from './plain-model.js';
import { assigned, removed } from './provisioning.js';
import { SERVICE, scene, seats, type Scene } from './scene.js';

interface CorrectionView {
  units: string;
  from: string;
  to: string;
  state: string;
  reason: string;
}
