/**
 * jest's runtime, at a lower price: it loads packages with Node itself and compiles each module of this repository, once
 * for each worker instead of once for each test file. Modules of this repository are still new in every test file.
 * `jest.mock` has no effect on packages.
 */
const { createRequire, isBuiltin } = require('node:module');
const { compileFunction } = require('node:vm');
const { default: JestRuntime } = require('jest-runtime');

/** The compiled modules of this worker by file name. */
const compiled = new Map();

module.exports = class Runtime extends JestRuntime {
  constructor(...args) {
    super(...args);
    const { executor } = this.cjsLoader;
    executor.compile = (source, filename) => compile(source, filename, executor.injectedModuleParameters);
  }

  requireModule(from, name, options, isActual) {
    const isPackage = name !== undefined && /^[@a-z]/.test(name) && !isBuiltin(name);
    if (isPackage && !options?.isInternalModule) return createRequire(from)(name);
    return super.requireModule(from, name, options, isActual);
  }
};

/** Compiles for Node's own global scope, where packages are too: `instanceof` holds between them and the tests. */
function compile(source, filename, parameters) {
  const key = `${filename} ${parameters}`;
  if (compiled.get(key)?.source !== source)
    compiled.set(key, { source, run: compileFunction(source, parameters, { filename }) });
  return compiled.get(key).run;
}
