/** Whether an element has come near the window, once and for all; `margin` says how near. */
import { type RefObject, useEffect, useRef, useState } from 'react';

export function useNear<E extends Element>(margin = '600px'): [RefObject<E | null>, boolean] {
  const element = useRef<E>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (!target || near) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && setNear(true),
      { rootMargin: margin },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [near, margin]);
  return [element, near];
}
