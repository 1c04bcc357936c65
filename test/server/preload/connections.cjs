/** Preloaded into the program under test: tells of each connection that it opens, on standard error. */
const { Socket } = require('node:net');

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...given) {
  const [first] = given.flat();
  process.stderr.write(`connects to port ${typeof first === 'object' ? first.port : first}\n`);
  return connect.apply(this, given);
};
