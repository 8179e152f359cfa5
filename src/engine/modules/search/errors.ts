/**
 * What the search module refuses, in its own words: since 8.8 the first word tells clients what kind of
 * mistake it is. https://redis.io/docs/latest/commands/ft.search/
 */
import { type RedisError, redisError } from '../../errors.ts';

export const syntaxErrorAt = (offset: number, near: string): RedisError =>
  redisError(`SEARCH_SYNTAX Syntax error at offset ${offset} near ${near}`);
export const badSyntax = (message: string): RedisError => redisError(`SEARCH_SYNTAX ${message}`);
export const badArguments = (message: string): RedisError =>
  redisError(`SEARCH_PARSE_ARGS ${message}`);
export const badDefinition = (message: string): RedisError =>
  redisError(`SEARCH_ADD_ARGS ${message}`);
export const badQuery = (message: string): RedisError => redisError(`SEARCH_QUERY_BAD ${message}`);
export const noIndex = (name: string): RedisError =>
  redisError(`SEARCH_INDEX_NOT_FOUND Index not found: ${name}`);
export const noParameter = (name: string): RedisError =>
  redisError(`SEARCH_PARAM_NOT_FOUND Parameter not found \`${name}\``);
export const noProperty = (name: string): RedisError =>
  redisError(`SEARCH_PROP_NOT_FOUND Property \`${name}\` not loaded nor in schema`);
export const unknownArgument = (word: string): RedisError =>
  redisError(`SEARCH_ARG_UNRECOGNIZED Unknown argument \`${word}\``);

/** What is wrong with the value of an option, as the ends of such errors say it. */
export const NOT_GIVEN = 'Expected an argument, but none provided';
export const WRONG_TYPE = 'Could not convert argument to expected type';
export const OUT_OF_BOUNDS = 'Value is outside acceptable bounds';
