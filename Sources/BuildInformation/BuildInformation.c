#include "BuildInformation.h"

#ifndef MCP_TEST_COMMIT
#define MCP_TEST_COMMIT ""
#endif

const char *buildCommit(void) { return MCP_TEST_COMMIT; }
