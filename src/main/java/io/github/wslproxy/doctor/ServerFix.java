package io.github.wslproxy.doctor;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How a well-known server is made to listen on every address instead of 127.0.0.1 alone.
 *
 * @param server its name, for a person
 * @param command what to type in WSL instead, or what to change
 */
record ServerFix(String server, String command) {
    /** Only what the servers' own documentation says; the more special command line stands before the more general. */
    private static final List<Known> KNOWN = List.of(
            new Known("Next.js", "next(-server)?", "npx next dev -H 0.0.0.0"),
            new Known("Nuxt", "nuxi?|nuxt", "npx nuxi dev --host"),
            new Known("Astro", "astro", "npx astro dev --host", 4321),
            new Known("Vite", "vite", "npx vite --host", 5173, 4173),
            new Known("Angular", "ng", "npx ng serve --host 0.0.0.0", 4200),
            new Known("webpack", "webpack(-dev-server)?", "npx webpack serve --host 0.0.0.0"),
            new Known("Create React App", "react-scripts", "HOST=0.0.0.0 npm start"),
            new Known("Gatsby", "gatsby", "npx gatsby develop -H 0.0.0.0"),
            new Known("Django", "manage\\.py", "python manage.py runserver 0.0.0.0:PORT"),
            new Known("Flask", "flask", "flask run --host 0.0.0.0 --port PORT"),
            new Known("uvicorn", "uvicorn", "uvicorn --host 0.0.0.0 --port PORT APP"),
            new Known("FastAPI", "fastapi", "fastapi dev --host 0.0.0.0 --port PORT"),
            new Known("gunicorn", "gunicorn", "gunicorn --bind 0.0.0.0:PORT APP"),
            new Known("Jupyter", "jupyter(-\\w+)?", "jupyter lab --ip 0.0.0.0", 8888),
            new Known("Rails", "rails|puma", "bin/rails server -b 0.0.0.0 -p PORT"),
            new Known("Jekyll", "jekyll", "bundle exec jekyll serve --host 0.0.0.0"),
            new Known("Hugo", "hugo", "hugo server --bind 0.0.0.0", 1313),
            new Known("Laravel", "artisan", "php artisan serve --host 0.0.0.0 --port PORT"),
            new Known("PHP", "php[0-9.]*", "php -S 0.0.0.0:PORT"),
            new Known("ASP.NET Core", "dotnet", "dotnet run --urls http://0.0.0.0:PORT"),
            new Known(
                    "PostgreSQL",
                    "postgres",
                    "listen_addresses = '*' in postgresql.conf, then: sudo service postgresql restart",
                    5432),
            new Known(
                    "MySQL",
                    "mysqld|mariadbd",
                    "bind-address = 0.0.0.0 under [mysqld] in my.cnf, then: sudo service mysql restart",
                    3306),
            new Known(
                    "Redis",
                    "redis-server",
                    "bind 0.0.0.0 and a password in redis.conf, then: sudo service redis-server restart",
                    6379),
            new Known("MongoDB", "mongod", "mongod --bind_ip_all", 27017),
            new Known("Ollama", "ollama", "OLLAMA_HOST=0.0.0.0 ollama serve", 11434),
            new Known("Docker", "docker-proxy", "docker run -p PORT:PORT, without 127.0.0.1 before the ports"),
            new Known("Python's http.server", "http\\.server", "python3 -m http.server PORT"));

    private static final String NODE_MODULES = "/node_modules/";

    private record Known(String server, Pattern command, String fix, List<Integer> ports) {
        Known(String server, String command, String fix, Integer... ports) {
            this(server, Pattern.compile("(" + command + ")(\\.[cm]?js)?:?"), fix, List.of(ports));
        }

        /** PHP runs much else; with -S it is a server. */
        boolean isOne(List<String> words) {
            return words.stream().flatMap(ServerFix::names).anyMatch(name -> command.matcher(name)
                            .matches())
                    && (!server.equals("PHP") || words.contains("-S"));
        }

        ServerFix at(int port) {
            return new ServerFix(server, fix.replace("PORT", String.valueOf(port)));
        }
    }

    /**
     * What runs many kinds of servers, alone or with arguments; Node.js calls its main thread so from version 23 on.
     */
    private static final Pattern SAYS_NOTHING =
            Pattern.compile("(\\S*/)?(node|MainThread|npm|bun|deno|python[0-9.]*|ruby[0-9.]*|java)(\\s.*)?");

    /**
     * By what runs; where that cannot be seen, or is something like node, by a port that only one server is known for.
     */
    static Optional<ServerFix> of(String command, int port) {
        List<String> words = List.of(command.split("\\s+"));
        Stream<Known> byCommand = KNOWN.stream().filter(known -> known.isOne(words));
        Stream<Known> byPort =
                command.isEmpty() || SAYS_NOTHING.matcher(command).matches()
                        ? KNOWN.stream().filter(known -> known.ports.contains(port))
                        : Stream.empty();
        return Stream.concat(byCommand, byPort).findFirst().map(known -> known.at(port));
    }

    /**
     * What a word may be the name of: the file of a path, which may lie in a folder of any name, and the package of
     * Node.js that the file belongs to, as its start.js says nothing.
     */
    private static Stream<String> names(String word) {
        Stream<String> file = Stream.of(word.substring(word.lastIndexOf('/') + 1));
        int packages = word.lastIndexOf(NODE_MODULES);
        return packages < 0
                ? file
                : Stream.concat(
                        file,
                        Stream.of(
                                word.substring(packages + NODE_MODULES.length()).split("/", 2)[0]));
    }
}
