/** What was wrong with the last attempt, and what to do about it. */
export interface Problem {
  readonly text: string;
  readonly next: string;
}

/** What a page that asks for name and password places. */
export interface SignInView {
  readonly csrfToken: string;
  readonly username: string;
  readonly problem: Problem | undefined;
}

export function signInView(facts: {
  readonly csrfToken: string;
  readonly username: string;
  readonly problem?: Problem;
}): SignInView {
  return {
    csrfToken: facts.csrfToken,
    // What was typed comes back for correction; longer than any name, it was none.
    username: facts.username.length <= 128 ? facts.username : '',
    problem: facts.problem,
  };
}
