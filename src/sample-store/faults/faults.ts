/** What stands between a client and the store, or goes wrong in it, at one of the signed calls. */
export type CallFault = {
  readonly at: 'request' | 'access' | 'rest';
  /** How many times; without it, every time. */
  readonly times?: number;
} & (
  | { readonly do: 'drop-before' } // the connection dies, nothing was done
  | { readonly do: 'drop-after' } // the work is done and committed, the answer is lost
  | { readonly do: 'slow'; readonly ms: number } // works that late, whether or not the client has waited
  | { readonly do: 'html-200' } // a proxy answers with a page, nothing was done
  | { readonly do: 'status-503' } // maintenance, nothing was done
  | { readonly do: 'redirect'; readonly location: string } // 302, nothing was done
  | { readonly do: 'strip-authorization' } // the web server removes the header
  | { readonly do: 'basic-auth'; readonly login: string } // a web server in front asks for `user:password`
  | { readonly do: 'oversized' } // 1 MiB with status 200, nothing was done
  | { readonly do: 'problem'; readonly status: number; readonly text: string } // refuses in these words
);

/** What goes wrong with the activation POST. */
export type PostFault = { readonly at: 'post'; readonly times?: number } & (
  | { readonly do: 'drop-before' } // it never leaves
  | { readonly do: 'drop-after' } // it arrives, but the connection dies before the answer
  | { readonly do: 'slow'; readonly ms: number } // it leaves that late
);

/** The only ways in which a sample store misbehaves. */
export type Fault = CallFault | PostFault;

/** The faults in force, used up one by one. */
export type Faults = ReturnType<typeof faultList>;

/** Keeps the faults of one store. The first that fits a call is taken. */
export function faultList(initial: readonly Fault[]) {
  let pending = initial.map(counted);

  function take<F extends Fault>(fits: (fault: Fault) => fault is F): F | undefined {
    for (const entry of pending) {
      if (entry.left > 0 && fits(entry.fault)) {
        entry.left -= 1;
        return entry.fault;
      }
    }
    return undefined;
  }

  return {
    set(faults: readonly Fault[]): void {
      pending = faults.map(counted);
    },
    takeFor: (at: CallFault['at']): CallFault | undefined =>
      take((fault): fault is CallFault => fault.at === at),
    takeForPost: (): PostFault | undefined =>
      take((fault): fault is PostFault => fault.at === 'post'),
  };
}

function counted(fault: Fault) {
  return { fault, left: fault.times ?? Infinity };
}
