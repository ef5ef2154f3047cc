/* A server that costs next to nothing, so that what is measured is the program that tests it.
 *
 *   target [--tools COUNT]               MCP over stdio
 *   target [--tools COUNT] --http PORT   Streamable HTTP on 127.0.0.1, one process per connection
 *
 * The first tool is `echo`; the others have a schema of the usual size, about 1 KB. Nothing is validated.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* Text that grows. */
struct text { char *bytes; size_t count, capacity; };
/* A part of somebody else's text; empty if it is missing. */
struct part { const char *start; size_t count; };

static void append(struct text *text, const char *bytes, size_t count) {
    if (text->count + count >= text->capacity) {
        text->capacity = 2 * (text->count + count + 1);
        text->bytes = realloc(text->bytes, text->capacity);
        if (!text->bytes) exit(1);
    }
    memcpy(text->bytes + text->count, bytes, count);
    text->count += count;
    text->bytes[text->count] = 0;
}

static void append_string(struct text *text, const char *string) { append(text, string, strlen(string)); }
static void append_part(struct text *text, struct part part) { append(text, part.start, part.count); }

static void drop_first(struct text *text, size_t count) {
    text->count -= count;
    memmove(text->bytes, text->bytes + count, text->count + 1);
}

static int read_more(int descriptor, struct text *text) {
    static char chunk[1 << 16];
    ssize_t count = read(descriptor, chunk, sizeof chunk);
    if (count > 0) append(text, chunk, count);
    return count > 0;
}

static void write_all(int descriptor, const struct text *text) {
    for (size_t done = 0; done < text->count;) {
        ssize_t count = write(descriptor, text->bytes + done, text->count - done);
        if (count <= 0) exit(0);
        done += count;
    }
}

/* The end of the JSON value that starts here. The text is taken to be valid. */
static const char *end_of_value(const char *at, const char *end) {
    int depth = 0;
    while (at < end) {
        if (*at == '"') {
            for (at++; at < end && *at != '"'; at++) at += *at == '\\';
            at++;
        } else if (*at == '{' || *at == '[') {
            depth++, at++;
        } else if (*at == '}' || *at == ']') {
            depth--, at++;
        } else if (depth) {
            at++;
        } else {
            while (at < end && !strchr(",}] \t\r\n", *at)) at++;
        }
        if (depth == 0) return at < end ? at : end;
    }
    return end;
}

static struct part member(struct part object, const char *name) {
    const char *at = object.start, *end = at + object.count;
    size_t length = strlen(name);
    if (!object.count || *at != '{') return (struct part){0, 0};
    for (at++; at < end && *at != '}';) {
        if (*at != '"') { at++; continue; }
        const char *key = at, *value = end_of_value(at, end);
        size_t count = value - key;
        while (value < end && strchr(": \t\r\n", *value)) value++;
        at = end_of_value(value, end);
        if (count == length + 2 && !memcmp(key + 1, name, length)) return (struct part){value, at - value};
    }
    return (struct part){0, 0};
}

static int is(struct part value, const char *string) {
    return value.count == strlen(string) + 2 && !memcmp(value.start + 1, string, value.count - 2);
}

static struct text tools;

static void make_tools(int count) {
    append_string(&tools, "{\"name\":\"echo\",\"description\":\"Returns the message.\",\"inputSchema\":{\"type\":\"object\","
        "\"properties\":{\"message\":{\"type\":\"string\"}},\"required\":[\"message\"]}}");
    for (int number = 1; number < count; number++) {
        char name[64];
        snprintf(name, sizeof name, ",{\"name\":\"search_%04d\",", number);
        append_string(&tools, name);
        append_string(&tools, "\"title\":\"Search a collection\",\"description\":\"Search one collection and return the records that "
            "match, with owner, labels and times. Read only. Use a narrow query first; the order is stable.\",\"annotations\":{"
            "\"readOnlyHint\":true,\"openWorldHint\":false},\"inputSchema\":{\"type\":\"object\",\"properties\":{\"query\":{\"type\":"
            "\"string\",\"description\":\"Words to search for\",\"minLength\":1,\"maxLength\":500},\"limit\":{\"type\":\"integer\","
            "\"description\":\"Maximum number of records\",\"minimum\":1,\"maximum\":1000,\"default\":20},\"order\":{\"type\":\"string\","
            "\"enum\":[\"newest\",\"oldest\",\"relevance\"],\"default\":\"relevance\"},\"since\":{\"anyOf\":[{\"type\":\"string\","
            "\"format\":\"date-time\"},{\"type\":\"null\"}],\"default\":null},\"filters\":{\"type\":\"object\",\"properties\":{"
            "\"owner\":{\"type\":\"string\"},\"labels\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"uniqueItems\":true}},"
            "\"additionalProperties\":false}},\"required\":[\"query\"],\"additionalProperties\":false}}");
    }
}

/* Appends the response to a request, or nothing if the message is not a request. */
static void respond(struct part message, struct text *out) {
    struct part id = member(message, "id"), method = member(message, "method"), params = member(message, "params");
    if (!id.count || !method.count) return;
    append_string(out, "{\"jsonrpc\":\"2.0\",\"id\":");
    append_part(out, id);
    if (is(method, "tools/call")) {
        struct part text = member(member(params, "arguments"), "message");
        append_string(out, ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":");
        append_part(out, text.count ? text : (struct part){"\"\"", 2});
        append_string(out, "}],\"isError\":false}}");
    } else if (is(method, "tools/list")) {
        append_string(out, ",\"result\":{\"tools\":[");
        append(out, tools.bytes, tools.count);
        append_string(out, "]}}");
    } else if (is(method, "initialize")) {
        append_string(out, ",\"result\":{\"protocolVersion\":");
        append_part(out, member(params, "protocolVersion"));
        append_string(out, ",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"benchmark-target\",\"version\":\"1\"}}}");
    } else if (is(method, "ping")) {
        append_string(out, ",\"result\":{}}");
    } else {
        append_string(out, ",\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}");
    }
}

static void serve_stdio(void) {
    struct text in = {0}, out = {0};
    while (read_more(0, &in)) {
        size_t done = 0;
        out.count = 0;
        for (char *end; (end = memchr(in.bytes + done, '\n', in.count - done)); done = end + 1 - in.bytes) {
            size_t before = out.count;
            respond((struct part){in.bytes + done, end - in.bytes - done}, &out);
            if (out.count > before) append(&out, "\n", 1);
        }
        drop_first(&in, done);
        write_all(1, &out);
    }
}

static void serve_connection(int connection) {
    struct text in = {0}, body = {0}, out = {0};
    for (;;) {
        char *blank, head[200];
        while (!in.count || !(blank = strstr(in.bytes, "\r\n\r\n")))
            if (!read_more(connection, &in)) return;
        char *field = strcasestr(in.bytes, "\r\ncontent-length:");
        size_t start = blank + 4 - in.bytes, length = field && field < blank ? strtoul(field + 17, 0, 10) : 0;
        while (in.count < start + length)
            if (!read_more(connection, &in)) return;
        body.count = out.count = 0;
        int post = !strncmp(in.bytes, "POST ", 5), delete = !strncmp(in.bytes, "DELETE ", 7);
        if (post) respond((struct part){in.bytes + start, length}, &body);
        const char *status = body.count || delete ? "200 OK" : post ? "202 Accepted" : "405 Method Not Allowed";
        snprintf(head, sizeof head, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status,
            body.count ? "Content-Type: application/json\r\n" : "", body.count);
        append_string(&out, head);
        append(&out, body.bytes ? body.bytes : "", body.count);
        drop_first(&in, start + length);
        write_all(connection, &out);
    }
}

static void serve_http(int port) {
    int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    signal(SIGCHLD, SIG_IGN);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 128)) {
        perror("target");
        exit(1);
    }
    for (int connection; (connection = accept(listener, 0, 0)) >= 0; close(connection)) {
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (!fork()) {
            close(listener);
            serve_connection(connection);
            exit(0);
        }
    }
}

int main(int count, char **words) {
    int tool_count = 10, port = 0;
    for (int index = 1; index + 1 < count; index += 2) {
        if (!strcmp(words[index], "--tools")) tool_count = atoi(words[index + 1]);
        else if (!strcmp(words[index], "--http")) port = atoi(words[index + 1]);
    }
    make_tools(tool_count);
    if (port) serve_http(port);
    else serve_stdio();
}
