/* A pretend wsl.exe: prints what a script file says, byte for byte, and notes every call.
 *
 *   script   %WSL_FAKE%, or wsl-fake.txt beside wsl.exe where that is not set; read afresh on every call
 *   calls    one line each is appended to <script>.log:  pid TAB the arguments, quoted as they arrived
 *
 * The script is UTF-8 with LF or CRLF. What stands before the first "when" always runs; of the "when" blocks the first
 * that fits runs, until the next "when":
 *
 *   when TEXT    the arguments, joined by one blank, contain TEXT; "when" alone fits any call
 *   out TEXT     to stdout, raw bytes; \n \r \t \0 \\ and \xHH are understood, a blank at the end of the line counts
 *   err TEXT     the same to stderr
 *   wsl TEXT     to stdout as wsl.exe's own voice: UTF-16LE without BOM, or UTF-8 if WSL_UTF8 is exactly 1
 *   werr TEXT    the same to stderr
 *   old          a version that does not know WSL_UTF8: its own voice is UTF-16LE from here on
 *   args         one line per argument, [in brackets], UTF-8
 *   env NAME     the value of an environment variable, or (unset)
 *   cwd          the working directory
 *   stdin        reads stdin to its end, prints how many bytes there were
 *   sleep MS     waits
 *   child MS     starts a copy of itself that holds stdout and stderr for MS milliseconds, and goes on
 *   endless      prints for ever
 *   exit N       ends with N (-1 is 0xFFFFFFFF); without it the status is 0
 *
 * Without a script it says so in wsl.exe's own voice and ends with -1.
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { LONGEST_PATH = 1024, LONGEST_LINE = 8192 };

static wchar_t self[LONGEST_PATH], script[LONGEST_PATH];
static char arguments[LONGEST_LINE];
static int knows_wsl_utf8 = 1;

/* ---- text */

static char *utf8(const wchar_t *wide) {
    int size = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    char *bytes = malloc(size);
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, bytes, size, NULL, NULL);
    return bytes;
}

/* Undoes the escapes in place; the text may then hold zeros, so its length is returned. */
static size_t unescape(char *text) {
    char *from = text, *to = text, hex[3] = "";
    for (; *from; from++) {
        if (*from != '\\' || !from[1]) {
            *to++ = *from;
            continue;
        }
        switch (*++from) {
            case 'n': *to++ = '\n'; break;
            case 'r': *to++ = '\r'; break;
            case 't': *to++ = '\t'; break;
            case '0': *to++ = 0; break;
            case 'x':
                if (from[1] && from[2]) {
                    hex[0] = from[1];
                    hex[1] = from[2];
                    *to++ = (char) strtol(hex, NULL, 16);
                    from += 2;
                }
                break;
            default: *to++ = *from;
        }
    }
    return to - text;
}

/* ---- what it says */

static void put(DWORD stream, const void *bytes, size_t size) {
    const char *next = bytes;
    DWORD done;
    while (size > 0) {
        if (!WriteFile(GetStdHandle(stream), next, (DWORD) size, &done, NULL) || done == 0) ExitProcess(1);
        next += done;
        size -= done;
    }
}

static void put_line(const char *text) {
    put(STD_OUTPUT_HANDLE, text, strlen(text));
    put(STD_OUTPUT_HANDLE, "\n", 1);
}

static void put_own_voice(DWORD stream, const char *text, size_t size) {
    wchar_t flag[3] = L"", *wide;
    int length;
    if (knows_wsl_utf8 && GetEnvironmentVariableW(L"WSL_UTF8", flag, 3) == 1 && flag[0] == L'1') {
        put(stream, text, size);
        return;
    }
    wide = malloc((size + 1) * sizeof *wide);
    length = MultiByteToWideChar(CP_UTF8, 0, text, (int) size, wide, (int) size + 1);
    put(stream, wide, length * sizeof *wide);
    free(wide);
}

static void put_variable(const char *name) {
    wchar_t wide[200], value[2000];
    MultiByteToWideChar(CP_UTF8, 0, name, -1, wide, 200);
    put_line(GetEnvironmentVariableW(wide, value, 2000) ? utf8(value) : "(unset)");
}

static void put_arguments(int count, wchar_t **words) {
    char line[LONGEST_LINE];
    for (int i = 1; i < count; i++) {
        snprintf(line, sizeof line, "[%s]", utf8(words[i]));
        put_line(line);
    }
}

static void put_folder(void) {
    wchar_t folder[LONGEST_PATH];
    GetCurrentDirectoryW(LONGEST_PATH, folder);
    put_line(utf8(folder));
}

static void read_stdin(void) {
    char bytes[4096];
    DWORD got, sum = 0;
    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), bytes, sizeof bytes, &got, NULL) && got) sum += got;
    snprintf(bytes, sizeof bytes, "stdin %lu", sum);
    put_line(bytes);
}

static void start_child(const char *milliseconds) {
    wchar_t line[LONGEST_PATH + 40];
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION child;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    SetHandleInformation(startup.hStdOutput, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    SetHandleInformation(startup.hStdError, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    swprintf(line, LONGEST_PATH + 40, L"\"%ls\" --hold-for %hs", self, milliseconds);
    if (!CreateProcessW(self, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &child)) ExitProcess(70);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
}

/* ---- the call */

static void find_script(void) {
    GetModuleFileNameW(NULL, self, LONGEST_PATH);
    if (!GetEnvironmentVariableW(L"WSL_FAKE", script, LONGEST_PATH)) {
        wcscpy(script, self);
        wcscpy(wcsrchr(script, L'\\') + 1, L"wsl-fake.txt");
    }
}

static void join_arguments(int count, wchar_t **words) {
    for (int i = 1; i < count; i++) {
        char *word = utf8(words[i]);
        if (strlen(arguments) + strlen(word) + 2 > sizeof arguments) return;
        if (i > 1) strcat(arguments, " ");
        strcat(arguments, word);
    }
}

/* What follows the program's own name, which may be in quotes. */
static const char *raw_arguments(void) {
    const char *line = utf8(GetCommandLineW());
    const char *rest = *line == '"' ? strchr(line + 1, '"') : strchr(line, ' ');
    if (!rest) return "";
    return rest + 1 + strspn(rest + 1, " ");
}

static void note_call(void) {
    wchar_t path[LONGEST_PATH + 4];
    char line[LONGEST_LINE];
    DWORD done;
    HANDLE log;
    swprintf(path, LONGEST_PATH + 4, L"%ls.log", script);
    snprintf(line, sizeof line, "%lu\t%s\n", GetCurrentProcessId(), raw_arguments());
    log = CreateFileW(path, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_ALWAYS,
                      0, NULL);
    if (log == INVALID_HANDLE_VALUE) return;
    WriteFile(log, line, (DWORD) strlen(line), &done, NULL);
    CloseHandle(log);
}

static int play(FILE *file, int count, wchar_t **words) {
    char line[LONGEST_LINE];
    int fits = 1, chosen = 0;
    while (fgets(line, sizeof line, file)) {
        char *rest;
        line[strcspn(line, "\r\n")] = 0;
        rest = line + strcspn(line, " ");
        if (*rest) *rest++ = 0;

        if (!strcmp(line, "when")) {
            if (chosen) break;
            fits = chosen = !*rest || strstr(arguments, rest) != NULL;
            continue;
        }
        if (!fits || !*line || *line == '#') continue;
        if (!strcmp(line, "out")) put(STD_OUTPUT_HANDLE, rest, unescape(rest));
        else if (!strcmp(line, "err")) put(STD_ERROR_HANDLE, rest, unescape(rest));
        else if (!strcmp(line, "wsl")) put_own_voice(STD_OUTPUT_HANDLE, rest, unescape(rest));
        else if (!strcmp(line, "werr")) put_own_voice(STD_ERROR_HANDLE, rest, unescape(rest));
        else if (!strcmp(line, "old")) knows_wsl_utf8 = 0;
        else if (!strcmp(line, "args")) put_arguments(count, words);
        else if (!strcmp(line, "env")) put_variable(rest);
        else if (!strcmp(line, "cwd")) put_folder();
        else if (!strcmp(line, "stdin")) read_stdin();
        else if (!strcmp(line, "sleep")) Sleep(atoi(rest));
        else if (!strcmp(line, "child")) start_child(rest);
        else if (!strcmp(line, "endless")) for (;;) put_line("172.30.98.229 172.17.0.1 fd00::1 ");
        else if (!strcmp(line, "exit")) return atoi(rest);
        else {
            fprintf(stderr, "wsl-fake: what is \"%s\"?\n", line);
            return 71;
        }
    }
    return 0;
}

int wmain(int count, wchar_t **words) {
    FILE *file;
    if (count == 3 && !wcscmp(words[1], L"--hold-for")) {
        Sleep(_wtoi(words[2]));
        return 0;
    }
    find_script();
    join_arguments(count, words);
    note_call();
    file = _wfopen(script, L"rb");
    if (!file) {
        static const char none[] = "There is no script for this pretend wsl.exe.\r\nError code: Wsl/E_FAIL\r\n";
        put_own_voice(STD_OUTPUT_HANDLE, none, sizeof none - 1);
        return -1;
    }
    return play(file, count, words);
}
