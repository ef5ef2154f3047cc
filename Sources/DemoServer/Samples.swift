/// Small files in Base64.
enum Samples {
    /// A blue square of 4 by 4 pixels, as PNG.
    static let image =
        "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAD0lEQVR42mNgqLiOQMRxABNCFPFmAF/zAAAAAElFTkSuQmCC"
    /// The size of the image in bytes.
    static let imageSize = 72
    /// One period of a tone, as WAV.
    static let audio = "UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQgAAACAsNCwgFAwUA=="
}
