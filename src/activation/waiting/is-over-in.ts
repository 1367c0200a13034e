/** Whether some work ends within so long. The work itself goes on either way. @throws what the work throws in that time */
export function isOverIn(ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(false);
    }, ms);
    work
      .then(() => {
        resolve(true);
      }, reject)
      .finally(() => {
        clearTimeout(timer);
      });
  });
}
