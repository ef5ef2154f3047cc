/// The commit that the program was built from, or an empty string if the build was not told.
///
/// In C because Swift has no definitions on the command line of the compiler.
const char *buildCommit(void);
