#!/usr/bin/env pwsh
# Sends a file with one event per line in batches: pwsh Send-Events.ps1 events.ndjson
# Needs PowerShell 7, TRUEUP_INGEST_URL and TRUEUP_EVENTS_TOKEN. Prints the fate of each event; ends with 1 when some were refused,
# with 2 when something could not be sent.
param([Parameter(Mandatory)] [string] $Path)
$ErrorActionPreference = 'Stop'
$batchSize = if ($env:BATCH_SIZE) { [int] $env:BATCH_SIZE } else { 500 }
$attempts = 6

# The answer to one batch. The same is sent again after 429 and 503; repeats count once.
function Send-Batch([string[]] $lines) {
    $request = @{
        Method = 'Post'
        Uri = "$env:TRUEUP_INGEST_URL/v1/events"
        Headers = @{ Authorization = "Bearer $env:TRUEUP_EVENTS_TOKEN" }
        ContentType = 'application/cloudevents-batch+json'
        # Bytes, because the lines are UTF-8 already.
        Body = [Text.Encoding]::UTF8.GetBytes('[' + ($lines -join ',') + ']')
        SkipHttpErrorCheck = $true
    }
    for ($attempt = 1; $attempt -le $attempts; $attempt++) {
        $pause = $attempt
        try {
            $answer = Invoke-WebRequest @request
            if ($answer.StatusCode -in 202, 207, 422) { return $answer.Content | ConvertFrom-Json }
            if ($answer.StatusCode -notin 429, 503) { throw "$($answer.StatusCode) $($answer.Content)" }
            if ($answer.Headers['Retry-After']) { $pause = [int] $answer.Headers['Retry-After'][0] }
            $problem = "$($answer.StatusCode) $($answer.Content)"
        }
        catch [System.Net.Http.HttpRequestException] { $problem = "no answer: $_" }
        if ($attempt -lt $attempts) { Start-Sleep -Seconds $pause }
    }
    throw $problem
}

try {
    $number = 0
    $events = foreach ($line in Get-Content -LiteralPath $Path -Encoding utf8) {
        $number++
        if ($line.Trim()) { [pscustomobject]@{ Number = $number; Text = $line } }
    }
    $events = @($events)
    $refused = 0
    for ($from = 0; $from -lt $events.Count; $from += $batchSize) {
        $batch = @($events[$from..([Math]::Min($from + $batchSize, $events.Count) - 1)])
        $answer = Send-Batch $batch.Text
        $refused += $answer.rejected
        foreach ($result in $answer.results) {
            $pointers = @($result.problem.errors | ForEach-Object { $_.pointer }) -join ' '
            "$($batch[$result.index].Number) $($result.status) $($result.id) $pointers".TrimEnd()
        }
    }
    exit ([int] ($refused -gt 0))
}
catch {
    [Console]::Error.WriteLine($_)
    exit 2
}
