import { Dict } from './dict.ts';
import { Used } from './used.ts';
import { distance, type Quantisation, type Vector } from './vector.ts';

/**
 * A vector set: elements with a vector each, found by how alike their vectors are. Redis searches a
 * graph, and may miss an element; here every element is looked at, and what is told of the graph is
 * told of the one that a perfect search would make: each element has a level by chance, and is linked
 * on every level up to its own with the nearest elements there.
 * https://redis.io/docs/latest/develop/data-types/vector-sets/
 */

/** What an element is beside its name. */
export interface Member {
  readonly vector: Vector;
  /** Up to which level of the graph it is there. */
  readonly level: number;
  /** JSON text, or undefined. */
  attributes: string | undefined;
}

export interface Neighbour {
  readonly name: string;
  readonly member: Member;
  /** From 0 to 2. */
  readonly distance: number;
}

export interface VectorSetShape {
  readonly quantisation: Quantisation;
  /** Components of the vectors as they are kept. */
  readonly dimension: number;
  /** Components that vectors have when they come, where those are reduced; otherwise 0. */
  readonly inputDimension: number;
  /** Links of an element on each level; on the lowest twice as many. */
  readonly links: number;
}

export const MAX_LEVEL = 15;

export class VectorSetValue extends Used {
  readonly type = 'vectorset';
  /** What OBJECT ENCODING says of all values of modules. */
  readonly encoding = 'raw';
  readonly #members = new Dict<Member>();
  /** How often an element was put in: the newest one's number in the graph. */
  insertions = 0;

  constructor(
    readonly shape: VectorSetShape,
    /** The number of this set on its server. */
    readonly uid: number,
  ) {
    super();
  }

  get size(): number {
    return this.#members.size;
  }

  get maxLevel(): number {
    return this.entries().reduce((most, [, { level }]) => Math.max(most, level), 0);
  }

  /** How many elements have attributes. */
  get attributed(): number {
    return this.entries().filter(([, { attributes }]) => attributes !== undefined).length;
  }

  get(name: string): Member | undefined {
    return this.#members.get(name);
  }

  nameAt(index: number): string {
    return this.#members.keyAt(index);
  }

  /** Puts an element in, or another vector in the place of its own. Returns whether it is new. */
  set(name: string, member: Member): boolean {
    this.insertions++;
    return this.#members.set(name, member);
  }

  delete(name: string): boolean {
    return this.#members.delete(name);
  }

  /** All elements, in no particular order. */
  entries(): [string, Member][] {
    const { size } = this.#members;
    return Array.from({ length: size }, (_, i) => [
      this.#members.keyAt(i),
      this.#members.valueAt(i),
    ]);
  }

  /** Elements by their distance from a vector, nearest first. */
  nearest(vector: Vector, isWanted: (member: Member) => boolean = () => true): Neighbour[] {
    const wanted = this.entries().filter(([, member]) => isWanted(member));
    const found = wanted.map(([name, member]) => ({
      name,
      member,
      distance: distance(vector, member.vector),
    }));
    return found.sort((a, b) => a.distance - b.distance);
  }

  /** An element's links, the highest level first; undefined when it is not there. */
  linksOf(name: string): Neighbour[][] | undefined {
    const own = this.get(name);
    if (!own) return undefined;
    const others = this.nearest(own.vector, (member) => member !== own);
    return Array.from({ length: own.level + 1 }, (_, i) => {
      const level = own.level - i;
      const there = others.filter(({ member }) => member.level >= level);
      return there.slice(0, this.shape.links * (level === 0 ? 2 : 1));
    });
  }
}
