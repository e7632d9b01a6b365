import { Runtime, type Scene, type SceneOptions, setScene } from '@trueup/testing/product';
import { inject } from 'vitest';

/** Sets the stage in the runtime that all suites share. */
export function scene(name: string, options: SceneOptions = {}): Promise<Scene> {
  return setScene(new Runtime(inject('home')), name, options);
}
