import Platform

/// The size of a terminal in characters.
package struct ScreenSize: Hashable, Sendable {
    package var columns: Int
    package var rows: Int

    /// Creates a size; a terminal that does not know its size is taken for 80 by 24.
    package init(columns: Int, rows: Int) {
        self.columns = columns > 1 ? columns : 80
        self.rows = rows > 1 ? rows : 24
    }

    /// The present size of the terminal behind a descriptor.
    package static func of(_ descriptor: Int32) -> ScreenSize {
        var size = winsize()
        #if canImport(Darwin)
        let request: UInt = 0x4008_7468
        #else
        let request = UInt(TIOCGWINSZ)
        #endif
        guard ioctl(descriptor, request, &size) == 0 else { return ScreenSize(columns: 0, rows: 0) }
        return ScreenSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
}
