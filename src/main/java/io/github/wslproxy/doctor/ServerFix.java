package io.github.wslproxy.doctor;

import java.util.Map;
import java.util.Optional;

/**
 * How the server that is known for a port is made to listen on every address instead of 127.0.0.1 alone.
 *
 * @param server its name, for a person
 * @param command what to type in WSL instead, or what to change, as the documentation of the server says
 */
record ServerFix(String server, String command) {
    /** Ports that several servers use, such as 3000 and 8000, tell nothing and are left out. */
    private static final Map<Integer, ServerFix> BY_PORT = Map.of(
            5173, new ServerFix("Vite", "npx vite --host"),
            4200, new ServerFix("Angular", "npx ng serve --host 0.0.0.0"),
            8888, new ServerFix("Jupyter", "jupyter lab --ip 0.0.0.0"),
            11434, new ServerFix("Ollama", "OLLAMA_HOST=0.0.0.0 ollama serve"),
            27017, new ServerFix("MongoDB", "mongod --bind_ip_all"),
            5432,
                    new ServerFix(
                            "PostgreSQL",
                            "listen_addresses = '*' in postgresql.conf, then: sudo service postgresql restart"),
            3306,
                    new ServerFix(
                            "MySQL",
                            "bind-address = 0.0.0.0 under [mysqld] in my.cnf, then: sudo service mysql restart"),
            6379,
                    new ServerFix(
                            "Redis",
                            "bind 0.0.0.0 and a password in redis.conf, then: sudo service redis-server restart"));

    static Optional<ServerFix> of(int port) {
        return Optional.ofNullable(BY_PORT.get(port));
    }
}
