export interface WhileVisible {
  /** Asks for `work`: at once where the element can be seen, else when it comes into view. */
  show(): void;
  end(): void;
}

/** Does `work` only while `element` is in view and the tab is in front: what nobody sees costs nothing. */
export function whileVisible(element: Element, work: () => void): WhileVisible {
  let inView = true;
  let waiting = false;
  const tryNow = (): void => {
    if (!waiting || !inView || document.visibilityState === 'hidden') return;
    waiting = false;
    work();
  };
  const watcher = new IntersectionObserver((entries) => {
    inView = entries.at(-1)?.isIntersecting ?? inView;
    tryNow();
  });
  watcher.observe(element);
  document.addEventListener('visibilitychange', tryNow);
  return {
    show() {
      waiting = true;
      tryNow();
    },
    end() {
      watcher.disconnect();
      document.removeEventListener('visibilitychange', tryNow);
    },
  };
}
