// Sends and receives documents through Trúc's API; .NET 8 or later, no package needed.
//
//   dotnet run -- send FILE.edxml          hands a document in; prints its id
//   dotnet run -- inbox [SECONDS]          waits for documents; prints: delivery document code
//   dotnet run -- receive DELIVERY FILE    stores the file, acknowledges it, reports 03 (accepted)
//   dotnet run -- trace DOCUMENT           prints where it is: recipient state status
//
// Environment: TRUC_URL (https://truc.example.vn), TRUC_SYSTEM (00.11.W00) and TRUC_SECRET_FILE, the
// file with the client secret that the operator issued.
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

string Setting(string name) =>
    Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set");
string StatusOf(JsonElement delivery) =>
    delivery.TryGetProperty("status", out var status) ? status.GetProperty("code").GetString()! : "-";

try
{
    var exchange = new Exchange(Setting("TRUC_URL"), Setting("TRUC_SYSTEM"),
                                File.ReadAllText(Setting("TRUC_SECRET_FILE")).Trim());
    switch (args.FirstOrDefault())
    {
        case "send":
            Console.WriteLine(await exchange.Send(args[1]));
            break;
        case "inbox":
            var end = DateTime.UtcNow.AddSeconds(args.Length > 1 ? double.Parse(args[1]) : 0);
            var items = await exchange.Inbox();
            while (items.Count == 0 && DateTime.UtcNow < end)
            {
                await Task.Delay(1000);
                items = await exchange.Inbox();
            }
            foreach (var item in items)
                Console.WriteLine($"{item.GetProperty("id")} {item.GetProperty("document")} {item.GetProperty("code")}");
            break;
        case "receive":
            var now = await exchange.Receive(args[1], args[2]);
            Console.WriteLine($"{now.GetProperty("state")} {StatusOf(now)}");
            break;
        case "trace":
            foreach (var item in await exchange.Trace(args[1]))
                Console.WriteLine(
                    $"{item.GetProperty("recipient").GetProperty("code")} {item.GetProperty("state")} {StatusOf(item)}");
            break;
        default:
            Console.Error.WriteLine("send FILE.edxml | inbox [SECONDS] | receive DELIVERY FILE | trace DOCUMENT");
            return 2;
    }
    return 0;
}
catch (Exception error) when (error is Problem or HttpRequestException or IOException or InvalidOperationException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

/// <summary>An error of the exchange: Reason never changes and is for programs, the message for people.</summary>
class Problem : Exception
{
    public int Status { get; }
    public string Reason { get; }

    public Problem(int status, JsonElement problem)
        : base($"{status} {Text(problem, "reason")}: " +
               $"{Text(problem, "detail_vi", "error_description_vi", "detail")} / " +
               $"{Text(problem, "detail_en", "error_description", "detail")}")
    {
        Status = status;
        Reason = Text(problem, "reason");
    }

    static string Text(JsonElement problem, params string[] names)
    {
        foreach (var name in names)
            if (problem.TryGetProperty(name, out var value)) return value.ToString();
        return "";
    }
}

class Exchange
{
    readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(10) };
    readonly string url, system, secret;
    string token = "";
    DateTime tokenUntil = DateTime.MinValue;

    public Exchange(string url, string system, string secret)
    {
        this.url = url.TrimEnd('/');
        this.system = system;
        this.secret = secret;
    }

    // Sends it, and again what may be repeated: no answer, 429, 503. A request is made anew each time.
    async Task<HttpResponseMessage> Open(Func<HttpRequestMessage> make)
    {
        for (var attempt = 1; ; attempt++)
        {
            var wait = TimeSpan.FromSeconds(attempt);
            try
            {
                var answer = await http.SendAsync(make(), HttpCompletionOption.ResponseHeadersRead);
                if (answer.IsSuccessStatusCode) return answer;
                var again = answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
                if (!again || attempt == 5) throw await ProblemOf(answer);
                wait = answer.Headers.RetryAfter?.Delta ?? wait;
            }
            catch (HttpRequestException) when (attempt < 5)
            {
            }
            await Task.Delay(wait);
        }
    }

    static async Task<Problem> ProblemOf(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        try
        {
            return new Problem((int)answer.StatusCode, JsonDocument.Parse(text).RootElement);
        }
        catch (JsonException) // not from the exchange: a proxy before it
        {
            return new Problem((int)answer.StatusCode, JsonSerializer.SerializeToElement(new { detail = text }));
        }
    }

    async Task<JsonElement> Json(Func<HttpRequestMessage> make)
    {
        using var answer = await Open(make);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    // A token, fetched anew a minute before it ends.
    async Task<AuthenticationHeaderValue> Authorization()
    {
        if (DateTime.UtcNow > tokenUntil.AddSeconds(-60) || token == "")
        {
            var both = Uri.EscapeDataString(system) + ":" + Uri.EscapeDataString(secret);
            var answer = await Json(() => new HttpRequestMessage(HttpMethod.Post, url + "/oauth/token")
            {
                Headers = { Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(both))) },
                Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials" }),
            });
            token = answer.GetProperty("access_token").GetString()!;
            tokenUntil = DateTime.UtcNow.AddSeconds(answer.GetProperty("expires_in").GetInt32());
        }
        return new("Bearer", token);
    }

    async Task<JsonElement> Call(HttpMethod method, string path, object? body = null)
    {
        var authorization = await Authorization();
        return await Json(() => new HttpRequestMessage(method, url + path)
        {
            Headers = { Authorization = authorization },
            Content = body == null ? null
                                   : new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
        });
    }

    /// <summary>Gives the document's id. It is on disk at the exchange when this returns.</summary>
    public async Task<string> Send(string file)
    {
        var authorization = await Authorization();
        // Makes repeating safe: whatever happened to the first answer, there is one document.
        var key = Guid.NewGuid().ToString();
        var accepted = await Json(() =>
        {
            var content = new StreamContent(File.OpenRead(file));
            content.Headers.ContentType = new("application/edxml+xml");
            var request = new HttpRequestMessage(HttpMethod.Post, url + "/api/v1/submissions") { Content = content };
            request.Headers.Authorization = authorization;
            request.Headers.Add("Idempotency-Key", key);
            return request;
        });
        foreach (var code in accepted.GetProperty("unknown").EnumerateArray())
            Console.Error.WriteLine($"nobody has the code {code}");
        return accepted.GetProperty("id").GetString()!;
    }

    /// <summary>What waits: urgent first, then the oldest. An item stays until it is acknowledged.</summary>
    public async Task<List<JsonElement>> Inbox()
    {
        var all = new List<JsonElement>();
        for (string? path = "/api/v1/deliveries"; path != null;)
        {
            var page = await Call(HttpMethod.Get, path);
            all.AddRange(page.GetProperty("items").EnumerateArray());
            path = page.TryGetProperty("next", out var next) ? next.GetString() : null; // not on the last page
        }
        return all;
    }

    /// <summary>Stores the document byte for byte; only then acknowledges it, and reports 03 (accepted).</summary>
    public async Task<JsonElement> Receive(string delivery, string file)
    {
        var document = (await Call(HttpMethod.Get, $"/api/v1/deliveries/{delivery}")).GetProperty("document").GetString();
        var authorization = await Authorization();
        using (var answer = await Open(() => new HttpRequestMessage(HttpMethod.Get, $"{url}/api/v1/documents/{document}/content")
               {
                   Headers = { Authorization = authorization },
               }))
        await using (var stored = File.Create(file))
        {
            await answer.Content.CopyToAsync(stored);
            stored.Flush(true);
        }
        await Call(HttpMethod.Post, $"/api/v1/deliveries/{delivery}/acknowledgement", new { result = "done" });
        return await Call(HttpMethod.Post, $"/api/v1/deliveries/{delivery}/status", new { code = "03" });
    }

    public async Task<List<JsonElement>> Trace(string document) =>
        (await Call(HttpMethod.Get, $"/api/v1/documents/{document}/deliveries"))
            .GetProperty("items").EnumerateArray().ToList();
}
