// Sends and receives documents through Trúc's API; Java 17 or later, nothing to install.
//
//   java Exchange.java send FILE.edxml          hands a document in; prints its id
//   java Exchange.java inbox [SECONDS]          waits for documents; prints: delivery document code
//   java Exchange.java receive DELIVERY FILE    stores the file, acknowledges it, reports 03 (accepted)
//   java Exchange.java trace DOCUMENT           prints where it is: recipient state status
//
// Environment: TRUC_URL (https://truc.example.vn), TRUC_SYSTEM (00.11.W00) and TRUC_SECRET_FILE, the
// file with the client secret that the operator issued.
//
// Java has no JSON of its own; the class Json at the end reads it for this example. A real program
// takes the library that it has already (Jackson, Gson).
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

public class Exchange {
  /** An error of the exchange: {@code reason} never changes and is for programs, the message for people. */
  static class Problem extends IOException {
    final int status;
    final String reason;

    Problem(int status, Map<?, ?> problem) {
      super(status + " " + problem.get("reason") + ": " + first(problem, "detail_vi", "error_description_vi", "detail")
          + " / " + first(problem, "detail_en", "error_description", "detail"));
      this.status = status;
      this.reason = String.valueOf(problem.get("reason"));
    }

    private static Object first(Map<?, ?> problem, String... names) {
      for (String name : names) if (problem.get(name) != null) return problem.get(name);
      return "";
    }
  }

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();
  private final String url, system, secret;
  private String token = "";
  private Instant tokenUntil = Instant.EPOCH;

  Exchange(String url, String system, String secret) {
    this.url = url;
    this.system = system;
    this.secret = secret;
  }

  /** Sends it, and again what may be repeated: no answer, 429, 503. Gives the answer's body in a file of its own. */
  private Path open(HttpRequest.Builder builder) throws IOException, InterruptedException {
    HttpRequest request = builder.timeout(Duration.ofMinutes(10)).build();
    for (int attempt = 1;; attempt++) {
      Path body = Files.createTempFile("truc", null);
      try {
        HttpResponse<Path> answer = http.send(request, BodyHandlers.ofFile(body));
        if (answer.statusCode() / 100 == 2) return body;
        boolean again = answer.statusCode() == 429 || answer.statusCode() == 503;
        if (!again || attempt == 5) throw new Problem(answer.statusCode(), problem(body));
        Thread.sleep(1000L * answer.headers().firstValueAsLong("Retry-After").orElse(attempt));
      } catch (Problem refused) {
        throw refused;
      } catch (IOException broken) {
        if (attempt == 5) throw broken;
        Thread.sleep(1000L * attempt);
      }
      Files.deleteIfExists(body);
    }
  }

  private static Map<?, ?> problem(Path body) throws IOException {
    String text = Files.readString(body);
    Files.delete(body);
    try {
      return (Map<?, ?>) Json.parse(text);
    } catch (RuntimeException notJson) { // not from the exchange: a proxy before it
      return Map.of("detail", text);
    }
  }

  private Map<?, ?> json(HttpRequest.Builder builder) throws IOException, InterruptedException {
    Path body = open(builder);
    try {
      return (Map<?, ?>) Json.parse(Files.readString(body));
    } finally {
      Files.delete(body);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path));
  }

  /** With a token, fetched anew a minute before it ends. */
  private HttpRequest.Builder authorized(String path) throws IOException, InterruptedException {
    if (Instant.now().isAfter(tokenUntil.minusSeconds(60))) {
      String both = URLEncoder.encode(system, StandardCharsets.UTF_8) + ":" + URLEncoder.encode(secret, StandardCharsets.UTF_8);
      Map<?, ?> answer = json(request("/oauth/token")
          .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)))
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(BodyPublishers.ofString("grant_type=client_credentials")));
      token = (String) answer.get("access_token");
      tokenUntil = Instant.now().plusSeconds(((Number) answer.get("expires_in")).longValue());
    }
    return request(path).header("Authorization", "Bearer " + token);
  }

  private Map<?, ?> post(String path, String body) throws IOException, InterruptedException {
    return json(authorized(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
  }

  /** Gives the document's id. It is on disk at the exchange when this returns. */
  String send(Path file) throws IOException, InterruptedException {
    Map<?, ?> accepted = json(authorized("/api/v1/submissions")
        .header("Content-Type", "application/edxml+xml")
        // Makes repeating safe: whatever happened to the first answer, there is one document.
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .POST(BodyPublishers.ofFile(file)));
    for (Object code : (List<?>) accepted.get("unknown")) System.err.println("nobody has the code " + code);
    return (String) accepted.get("id");
  }

  /** What waits: urgent first, then the oldest. An item stays until it is acknowledged. */
  List<Map<?, ?>> inbox() throws IOException, InterruptedException {
    List<Map<?, ?>> all = new ArrayList<>();
    String path = "/api/v1/deliveries";
    while (path != null) {
      Map<?, ?> page = json(authorized(path));
      for (Object item : (List<?>) page.get("items")) all.add((Map<?, ?>) item);
      path = (String) page.get("next"); // not there on the last page
    }
    return all;
  }

  /** Stores the document in {@code file}, byte for byte; only then acknowledges it, and reports 03 (accepted). */
  Map<?, ?> receive(String delivery, Path file) throws IOException, InterruptedException {
    Object document = json(authorized("/api/v1/deliveries/" + delivery)).get("document");
    Path content = open(authorized("/api/v1/documents/" + document + "/content"));
    Files.move(content, file, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel stored = FileChannel.open(file, StandardOpenOption.WRITE)) {
      stored.force(true);
    }
    post("/api/v1/deliveries/" + delivery + "/acknowledgement", "{\"result\": \"done\"}");
    return post("/api/v1/deliveries/" + delivery + "/status", "{\"code\": \"03\"}");
  }

  List<?> trace(String document) throws IOException, InterruptedException {
    return (List<?>) json(authorized("/api/v1/documents/" + document + "/deliveries")).get("items");
  }

  private static Object status(Map<?, ?> delivery) {
    return delivery.get("status") instanceof Map<?, ?> status ? status.get("code") : "-";
  }

  public static void main(String[] arguments) throws InterruptedException {
    try {
      Exchange exchange = new Exchange(System.getenv("TRUC_URL"), System.getenv("TRUC_SYSTEM"),
          Files.readString(Path.of(System.getenv("TRUC_SECRET_FILE"))).strip());
      switch (arguments.length == 0 ? "" : arguments[0]) {
        case "send" -> System.out.println(exchange.send(Path.of(arguments[1])));
        case "inbox" -> {
          Instant end = Instant.now().plusSeconds(arguments.length > 1 ? Long.parseLong(arguments[1]) : 0);
          List<Map<?, ?>> items = exchange.inbox();
          while (items.isEmpty() && Instant.now().isBefore(end)) {
            Thread.sleep(1000);
            items = exchange.inbox();
          }
          for (Map<?, ?> one : items) System.out.println(one.get("id") + " " + one.get("document") + " " + one.get("code"));
        }
        case "receive" -> {
          Map<?, ?> now = exchange.receive(arguments[1], Path.of(arguments[2]));
          System.out.println(now.get("state") + " " + status(now));
        }
        case "trace" -> {
          for (Object item : exchange.trace(arguments[1])) {
            Map<?, ?> one = (Map<?, ?>) item;
            System.out.println(((Map<?, ?>) one.get("recipient")).get("code") + " " + one.get("state") + " " + status(one));
          }
        }
        default -> {
          System.err.println("send FILE.edxml | inbox [SECONDS] | receive DELIVERY FILE | trace DOCUMENT");
          System.exit(2);
        }
      }
    } catch (IOException error) {
      System.err.println(error.getMessage());
      System.exit(1);
    }
  }

  /** Reads JSON: objects as maps, arrays as lists, numbers as doubles. */
  static class Json {
    private final String text;
    private int at = 0;

    private Json(String text) {
      this.text = text;
    }

    static Object parse(String text) {
      return new Json(text).value();
    }

    private char next() {
      while (Character.isWhitespace(text.charAt(at))) at++;
      return text.charAt(at);
    }

    private Object value() {
      switch (next()) {
        case '{': {
          Map<String, Object> object = new LinkedHashMap<>();
          at++;
          while (next() != '}') {
            if (text.charAt(at) == ',') at++;
            next();
            String name = string();
            next(); // the colon
            at++;
            object.put(name, value());
          }
          at++;
          return object;
        }
        case '[': {
          List<Object> array = new ArrayList<>();
          at++;
          while (next() != ']') {
            if (text.charAt(at) == ',') at++;
            array.add(value());
          }
          at++;
          return array;
        }
        case '"':
          return string();
        default: {
          int from = at;
          while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) at++;
          String word = text.substring(from, at);
          if (word.equals("null")) return null;
          if (word.equals("true") || word.equals("false")) return word.equals("true");
          return Double.valueOf(word);
        }
      }
    }

    private String string() {
      StringBuilder out = new StringBuilder();
      while (text.charAt(++at) != '"') {
        char c = text.charAt(at);
        if (c == '\\') {
          c = text.charAt(++at);
          if (c == 'u') {
            c = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
            at += 4;
          } else {
            int escape = "bfnrt".indexOf(c);
            if (escape >= 0) c = "\b\f\n\r\t".charAt(escape);
          }
        }
        out.append(c);
      }
      at++;
      return out.toString();
    }
  }
}
