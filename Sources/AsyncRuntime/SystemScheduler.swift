/// The scheduler of this process, for users of the libraries.
public enum SystemScheduler {
    /// Runs actions on the thread of the poll loop, which starts at the first use.
    public static var shared: any Scheduler { PollLoop.shared }
}
