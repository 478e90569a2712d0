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
            new Known("Next.js", "\\bnext(-server|\\.js)?\\b", "npx next dev -H 0.0.0.0"),
            new Known("Nuxt", "\\bnuxi?\\b", "npx nuxi dev --host"),
            new Known("Astro", "\\bastro\\b", "npx astro dev --host", 4321),
            new Known("Vite", "\\bvite(\\.js)?\\b", "npx vite --host", 5173, 4173),
            new Known("Angular", "\\bng\\b", "npx ng serve --host 0.0.0.0", 4200),
            new Known("webpack", "\\bwebpack\\b", "npx webpack serve --host 0.0.0.0"),
            new Known("Create React App", "\\breact-scripts\\b", "HOST=0.0.0.0 npm start"),
            new Known("Gatsby", "\\bgatsby\\b", "npx gatsby develop -H 0.0.0.0"),
            new Known("Django", "\\bmanage\\.py\\b", "python manage.py runserver 0.0.0.0:PORT"),
            new Known("Flask", "\\bflask\\b", "flask run --host 0.0.0.0 --port PORT"),
            new Known("uvicorn", "\\buvicorn\\b", "uvicorn --host 0.0.0.0 --port PORT APP"),
            new Known("FastAPI", "\\bfastapi\\b", "fastapi dev --host 0.0.0.0 --port PORT"),
            new Known("gunicorn", "\\bgunicorn\\b", "gunicorn --bind 0.0.0.0:PORT APP"),
            new Known("Jupyter", "\\bjupyter\\b", "jupyter lab --ip 0.0.0.0", 8888),
            new Known("Rails", "\\b(rails|puma)\\b", "bin/rails server -b 0.0.0.0 -p PORT"),
            new Known("Jekyll", "\\bjekyll\\b", "bundle exec jekyll serve --host 0.0.0.0"),
            new Known("Hugo", "\\bhugo\\b", "hugo server --bind 0.0.0.0", 1313),
            new Known("Laravel", "\\bartisan\\b", "php artisan serve --host 0.0.0.0 --port PORT"),
            new Known("PHP", "\\bphp[0-9.]* .*-S\\b", "php -S 0.0.0.0:PORT"),
            new Known("ASP.NET Core", "\\bdotnet\\b", "dotnet run --urls http://0.0.0.0:PORT"),
            new Known(
                    "PostgreSQL",
                    "\\bpostgres\\b",
                    "listen_addresses = '*' in postgresql.conf, then: sudo service postgresql restart",
                    5432),
            new Known(
                    "MySQL",
                    "\\b(mysqld|mariadbd)\\b",
                    "bind-address = 0.0.0.0 under [mysqld] in my.cnf, then: sudo service mysql restart",
                    3306),
            new Known(
                    "Redis",
                    "\\bredis-server\\b",
                    "bind 0.0.0.0 and a password in redis.conf, then: sudo service redis-server restart",
                    6379),
            new Known("MongoDB", "\\bmongod\\b", "mongod --bind_ip_all", 27017),
            new Known("Ollama", "\\bollama\\b", "OLLAMA_HOST=0.0.0.0 ollama serve", 11434),
            new Known("Docker", "\\bdocker-proxy\\b", "docker run -p PORT:PORT, without 127.0.0.1 before the ports"),
            new Known("Python's http.server", "\\bhttp\\.server\\b", "python3 -m http.server PORT"));

    private record Known(String server, Pattern command, String fix, List<Integer> ports) {
        Known(String server, String command, String fix, Integer... ports) {
            this(server, Pattern.compile(command), fix, List.of(ports));
        }

        ServerFix at(int port) {
            return new ServerFix(server, fix.replace("PORT", String.valueOf(port)));
        }
    }

    /** What runs many kinds of servers, alone or with arguments; Node.js calls its main thread so from version 23 on. */
    private static final Pattern SAYS_NOTHING =
            Pattern.compile("(\\S*/)?(node|MainThread|npm|bun|deno|python[0-9.]*|ruby[0-9.]*|java)(\\s.*)?");

    /** By what runs; where that cannot be seen, or is something like node, by a port that only one server is known for. */
    static Optional<ServerFix> of(String command, int port) {
        Stream<Known> byCommand =
                KNOWN.stream().filter(known -> known.command.matcher(command).find());
        Stream<Known> byPort =
                command.isEmpty() || SAYS_NOTHING.matcher(command).matches()
                        ? KNOWN.stream().filter(known -> known.ports.contains(port))
                        : Stream.empty();
        return Stream.concat(byCommand, byPort).findFirst().map(known -> known.at(port));
    }
}
