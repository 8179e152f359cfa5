/**
 * Lets a program of Node find the servers of a lab by the addresses that they have there, or by their
 * names. Beyond this machine nobody else is found.
 */
import net from 'node:net';

/** A port at which nobody listens. */
const NOBODY = 1;

/** Ports of this machine by address, such as 10.0.0.1:6379, and addresses by name. */
const [places, hosts] = ['KEYSPACE_PLACES', 'KEYSPACE_HOSTS'].map((name) =>
  JSON.parse(process.env[name] ?? '{}'),
);
const { connect } = net.Socket.prototype;

/** @this {net.Socket} @param {any[]} args */
net.Socket.prototype.connect = function (...args) {
  // What `net.createConnection` was called with comes as one list.
  const list = Array.isArray(args[0]) ? args[0] : args;
  const { host = 'localhost', port } = list[0];
  const address = hosts[host] ?? host;
  const otherwise = address === '127.0.0.1' ? port : NOBODY;
  const place = places[`${address}:${port}`] ?? otherwise;
  list[0] = { ...list[0], host: '127.0.0.1', port: place };
  return Reflect.apply(connect, this, args);
};
