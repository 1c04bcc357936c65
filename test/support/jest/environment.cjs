/** Test files in Node's own global scope. What a test file changes there is undone after it. */
const { LegacyFakeTimers, ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

// `beforeExit` comes only when no handle keeps the worker alive, so a leak still shows. To take a large heap apart may last
// longer than the half second that jest waits for a worker: `exit` leaves without that.
process.once('beforeExit', () => process.exit());

module.exports = class Environment {
  constructor({ projectConfig: config }) {
    this.undo = [
      restoreListeners(process),
      restoreProperties(globalThis),
      restoreProperties(process.env),
      restoreProperties(process),
    ];
    this.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimersModern = new ModernFakeTimers({ config, global: globalThis });
  }

  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    for (const undo of this.undo) undo();
  }
};

/** Notes an object's properties, and returns a function that brings them back. */
function restoreProperties(object) {
  const before = Object.getOwnPropertyDescriptors(object);
  return () => {
    for (const key of Reflect.ownKeys(object)) if (!(key in before)) Reflect.deleteProperty(object, key);
    for (const key of Reflect.ownKeys(before)) Reflect.defineProperty(object, key, before[key]);
  };
}

/**
 * Notes an emitter's listeners, and returns a function that removes those added since, which would keep all modules of
 * their test file in memory. Those of `exit` end what a file has left behind: they run then.
 */
function restoreListeners(emitter) {
  const before = new Map(emitter.eventNames().map((name) => [name, emitter.rawListeners(name)]));
  return () => {
    for (const name of emitter.eventNames())
      for (const listener of emitter.rawListeners(name).filter((each) => !before.get(name)?.includes(each))) {
        emitter.removeListener(name, listener);
        if (name === 'exit') listener.call(emitter, 0);
      }
  };
}
