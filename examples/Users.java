// Users in a database: validated JSON in, INSERT … RETURNING, JSON out; described at /docs.
//
//   bin/hearth run examples/Users.java
//   curl -d '{"name":"Ada","email":"ada@example.org"}' -H 'Content-Type: application/json' http://127.0.0.1:8080/users
import am.ik.yavi.builder.ValidatorBuilder;
import dev.hearth.Hearth;
import dev.hearth.http.Problem;
import dev.hearth.web.json.Json;
import dev.hearth.web.json.JsonReader;

record NewUser(String name, String email) {}

record User(String id, String name, String email, Instant since) {}

final JsonReader<NewUser> newUsers = Json.accepting(NewUser.class).checkedBy(
        ValidatorBuilder.<NewUser>of()
                .constraint(NewUser::name, "name", name -> name.notBlank().lessThanOrEqual(80))
                .constraint(NewUser::email, "email", email -> email.notBlank().email())
                .build());

void main(String[] args) {
    Hearth.run(args, app -> {
        var database = app.database();
        database.migrate("""
                CREATE TABLE users (
                    id    TEXT   PRIMARY KEY,
                    name  TEXT   NOT NULL,
                    email TEXT   NOT NULL UNIQUE,
                    since BIGINT NOT NULL
                )
                """);

        app.describe("Users", "1");

        app.post("/users", newUsers.handler(201, User.class, (request, user) -> {
            var added = new User(UUID.randomUUID().toString(), user.name(), user.email(), Instant.now());
            return database.write(tx -> tx.first(User.class, """
                            INSERT INTO users (id, name, email, since) VALUES (:id, :name, :email, :since)
                            ON CONFLICT (email) DO NOTHING
                            RETURNING *
                            """, added))
                    .orElseThrow(() -> Problem.of(409, "email-taken", "There is a user with this address.").refuse());
        }));

        app.get("/users/{id}", Json.handler(User.class, request -> database.read(tx ->
                tx.first(User.class, "SELECT * FROM users WHERE id = ?", request.pathParameter("id")))));

        app.get("/users", Json.handler(User[].class, request -> database.read(tx ->
                tx.query(User.class, "SELECT * FROM users ORDER BY name LIMIT 100"))));
    });
}
