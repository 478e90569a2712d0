package io.github.wslproxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerFixTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            node /home/u/app/node_modules/.bin/vite            | 3000  | Vite         | npx vite --host
            node                                               | 5173  | Vite         | npx vite --host
            MainThread                                         | 5173  | Vite         | npx vite --host
            ""                                                 | 5173  | Vite         | npx vite --host
            next-server (v15.1.0)                              | 3000  | Next.js      | npx next dev -H 0.0.0.0
            node /app/node_modules/.bin/next dev               | 3000  | Next.js      | npx next dev -H 0.0.0.0
            node /app/node_modules/.bin/webpack serve          | 8080  | webpack      | npx webpack serve --host 0.0.0.0
            node /app/node_modules/react-scripts/scripts/start.js | 3000 | Create React App | HOST=0.0.0.0 npm start
            /usr/bin/python3 manage.py runserver               | 8000  | Django       | python manage.py runserver 0.0.0.0:8000
            /home/u/.venv/bin/python3 /home/u/.venv/bin/flask run | 5000 | Flask      | flask run --host 0.0.0.0 --port 5000
            node /home/u/next/node_modules/.bin/vite           | 3000  | Vite         | npx vite --host
            node /app/node_modules/vite/bin/vite.js            | 3000  | Vite         | npx vite --host
            python3 -m http.server 8000                        | 8000  | "Python's http.server" | python3 -m http.server 8000
            /home/u/vite/.venv/bin/python3 -m flask run        | 5000  | Flask        | flask run --host 0.0.0.0 --port 5000
            postgres: 16/main                                  | 5432  | PostgreSQL   | listen_addresses = '*' in postgresql.conf, then: sudo service postgresql restart
            php8.2 -S 127.0.0.1:8000                           | 8000  | PHP          | php -S 0.0.0.0:8000
            puma 6.4.0 (tcp://127.0.0.1:3000) [app]            | 3000  | Rails        | bin/rails server -b 0.0.0.0 -p 3000
            ruby bin/rails server                              | 3001  | Rails        | bin/rails server -b 0.0.0.0 -p 3001
            /usr/lib/postgresql/16/bin/postgres -D /var/lib    | 5432  | PostgreSQL   | listen_addresses = '*' in postgresql.conf, then: sudo service postgresql restart
            ""                                                 | 5432  | PostgreSQL   | listen_addresses = '*' in postgresql.conf, then: sudo service postgresql restart
            /usr/local/bin/ollama serve                        | 11434 | Ollama       | OLLAMA_HOST=0.0.0.0 ollama serve
            ""                                                 | 11434 | Ollama       | OLLAMA_HOST=0.0.0.0 ollama serve
            /usr/bin/docker-proxy -proto tcp                   | 8080  | Docker       | docker run -p 8080:8080, without 127.0.0.1 before the ports
            """)
    void aServerIsRecognisedByItsCommandOrElseItsPort(String command, int port, String server, String fix) {
        assertThat(ServerFix.of(command, port)).hasValue(new ServerFix(server, fix));
    }

    @ParameterizedTest
    @CsvSource({
        "nginx,5173",
        "'',3000",
        "node,3000",
        "./invite,8123",
        "java -jar app.jar,8080",
        "/home/u/vite/bin/nginx,8080",
        "python3 /srv/flask/app.py,8080",
        "php8.2 job.php,80"
    })
    void whatIsNotKnownIsNotGuessed(String command, int port) {
        assertThat(ServerFix.of(command, port)).isEmpty();
    }
}
