/** @vitest-environment happy-dom */
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { usePartByPart } from './use-after-paint.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'requestAnimationFrame'] });
  root = createRoot(document.body);
});

afterEach(() => {
  act(() => root.unmount());
  vi.useRealTimers();
});

test('what is long comes part by part, one with each paint', () => {
  expect(show(7)).toBe('3');
  expect([paint(), paint(), paint()]).toEqual(['6', '7', '7']);
  expect(vi.getTimerCount()).toBe(0);
});

test('what is short is there at once', () => {
  expect(show(2)).toBe('2');
  expect(vi.getTimerCount()).toBe(0);
});

function Parts({ total }: { total: number }) {
  return usePartByPart(total, 3);
}

function show(total: number): string {
  act(() => root.render(<Parts total={total} />));
  return document.body.textContent;
}

function paint(): string {
  act(() => vi.advanceTimersByTime(20));
  return document.body.textContent;
}
